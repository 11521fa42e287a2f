import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { authorizeRequest, clientOf } from '../oauth/gateway.ts';
import type { UspsState } from '../state.ts';
import { validateBody } from '../validation.ts';
import { priceInternationalServices } from './extra-services.ts';
import { internationalPrices } from './international-prices.ts';
import {
  noPriceError,
  priceTypeFor,
  rateListResponse,
  rateResponse,
  type PricedService,
} from './price-responses.ts';
import { internationalClasses, internationalFields, measures } from './price-schemas.ts';
import type { PriceType } from './products.ts';

const version = '/international-prices/v3';

const priceType = z.enum(['RETAIL', 'COMMERCIAL', 'COMMERCIAL_BASE', 'COMMERCIAL_PLUS', 'CONTRACT']);
const serviceCode = z.literal([370, 813, 820, 826, 857, 930, 931, 955]);
const rateIndicator = z.enum('E4 E6 E7 FA FB FE FP FS PA PL SP EP HA HB HE HL HP HS LE'.split(' '));
const listSchema = z.strictObject({
  ...internationalFields,
  ...measures,
  priceType: priceType.default('COMMERCIAL'),
  mailClass: z.enum([...internationalClasses, 'ALL']).default('ALL'),
});
const singleSchema = z.strictObject({
  ...internationalFields,
  ...measures,
  priceType,
  mailClass: z.enum(internationalClasses),
  processingCategory: z.enum(['FLATS', 'MACHINABLE', 'NON_MACHINABLE', 'NONSTANDARD']),
  rateIndicator,
  destinationEntryFacilityType: z.enum(['NONE', 'INTERNATIONAL_SERVICE_CENTER']),
});
const totalSchema = z.strictObject({
  ...listSchema.shape,
  requestDutiesTaxesFees: z.boolean().optional(),
  destinationCity: z.string().min(1).max(28).optional(),
  destinationState: z.string().regex(/^\w{2}$/).optional(), // prettier-ignore
  items: z
    .array(
      z.looseObject({
        itemId: z.string().regex(/^\w{1,20}$/),
        itemValue: z.number().min(0.01).max(999_999.99),
        itemQuantity: z.number().min(1),
        weight: z.number().min(0.001).optional(),
        countryOfOrigin: z.string().regex(/[A-Z]{2}/).optional(), // prettier-ignore
        HSTariffNumber: z.string().min(6).max(14).optional(),
      }),
    )
    .max(30)
    .optional(),
  itemValue: z.number().min(0).optional(),
  extraServices: z.array(serviceCode).optional(),
});
const { originZIPCode: _, foreignPostalCode: __, ...countryFields } = internationalFields;
const extraServicesSchema = z.strictObject({
  ...countryFields,
  extraServices: z.array(serviceCode).optional(),
  extraService: serviceCode.optional(),
  mailClass: z.enum(internationalClasses),
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'COMMERCIAL_PLUS', 'NSA']),
  itemValue: z.string().optional(),
  weight: z.number(),
  rateIndicator,
});

/** The prices of a search. Throws an error response when there are none. */
function pricesFor(body: z.infer<typeof listSchema>, type: PriceType) {
  const prices = internationalPrices(body.mailClass, body.destinationCountryCode, type, body);
  if (prices.length > 0) return prices;
  throw noPriceError(version, 'No valid rates for these parameters.');
}

const internationalServices = (codes: number[] | undefined, value: number | undefined) => ({
  requested: codes !== undefined,
  list: priceInternationalServices(codes ?? [930, 955], value).map((each): PricedService => ({
    extraService: String(each.code),
    name: each.name,
    SKU: each.SKU,
    price: each.price.toNumber(),
    warnings: [],
  })),
});

/** The International Prices API; its prices are those of the shipping options. */
export function internationalPriceRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'international-prices', version);

  app.post(`${version}/base-rates/search`, { onRequest }, async (request) => {
    const body = validateBody(version, singleSchema, request.body);
    const { type, warnings } = priceTypeFor(state, version, clientOf(request), body);
    const price = pricesFor(body, type).find((each) => each.rateIndicator === body.rateIndicator);
    if (price === undefined) throw noPriceError(version, 'Could not find working sku from SSF ingredients');
    return rateResponse(price, warnings);
  });

  app.post(`${version}/base-rates-list/search`, { onRequest }, async (request) => {
    const body = validateBody(version, listSchema, request.body);
    return rateListResponse(pricesFor(body, priceTypeFor(state, version, clientOf(request), body).type));
  });

  app.post(`${version}/total-rates/search`, { onRequest }, async (request) => {
    const body = validateBody(version, totalSchema, request.body);
    const { type } = priceTypeFor(state, version, clientOf(request), body);
    return rateListResponse(pricesFor(body, type), () =>
      internationalServices(body.extraServices, body.itemValue),
    );
  });

  app.post(`${version}/extra-service-rates/search`, { onRequest }, async (request) => {
    const body = validateBody(version, extraServicesSchema, request.body);
    const codes = body.extraServices ?? (body.extraService === undefined ? undefined : [body.extraService]);
    const services = internationalServices(
      codes,
      body.itemValue === undefined ? undefined : Number(body.itemValue),
    );
    if (services.list.length === 0) throw noPriceError(version, 'No extra services found.');
    const priceType = body.priceType === 'RETAIL' ? 'RETAIL' : 'COMMERCIAL';
    // `extraService` is a number in this response and text in the others.
    return {
      extraServices: services.list.map((each) => ({
        ...each,
        extraService: Number(each.extraService),
        priceType,
      })),
    };
  });
}
