import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { zoneBetween } from '../addresses/places.ts';
import { authorizeRequest, clientOf } from '../oauth/gateway.ts';
import type { UspsState } from '../state.ts';
import { validateBody } from '../validation.ts';
import { extraServiceCodes, isUnsupportedService, priceExtraServices } from './extra-services.ts';
import { ingredientsFit, noPriceError, priceTypeFor, rateListResponse, rateResponse, type PricedService } from './price-responses.ts'; // prettier-ignore
import { accountFields, domesticFields, entryFacilities, mailClasses, measures, rateIndicators } from './price-schemas.ts'; // prettier-ignore
import { pricesOf, type Price, type PriceError } from './prices.ts';
import { classesOf, convertedClass, type PriceType } from './products.ts';

const version = '/prices/v3';

const serviceCode = z.literal(extraServiceCodes.filter((each) => each !== 365 && each !== 452));
const listSchema = z.strictObject({
  ...domesticFields,
  ...measures,
  mailClass: z.enum([...mailClasses, 'ALL']).optional(),
  mailClasses: z.array(z.enum([...mailClasses, 'ALL'])).optional(),
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT', 'NSA']).default('COMMERCIAL'),
  ...accountFields,
  hasNonstandardCharacteristics: z.boolean().optional(),
});
const singleSchema = z.strictObject({
  ...domesticFields,
  ...measures,
  mailClass: z.enum(mailClasses),
  processingCategory: z.enum([
    'LETTERS',
    'FLATS',
    'MACHINABLE',
    'IRREGULAR',
    'NON_MACHINABLE',
    'NONSTANDARD',
  ]),
  rateIndicator: z.enum(rateIndicators),
  destinationEntryFacilityType: z.enum(entryFacilities),
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT', 'NSA']),
  ...accountFields,
  hasNonstandardCharacteristics: z.boolean().optional(),
});
const totalSchema = z.strictObject({
  ...listSchema.shape,
  itemValue: z.number().min(0).optional(),
  extraServices: z.array(serviceCode).optional(),
});
const extraServicesSchema = z.strictObject({
  extraServices: z.union([z.array(serviceCode), serviceCode]).optional(),
  mailClass: z.enum(mailClasses),
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT', 'NSA']),
  itemValue: z.number().min(0).optional(),
  weight: z.number().optional(),
  originZIPCode: domesticFields.originZIPCode.optional(),
  destinationZIPCode: domesticFields.destinationZIPCode.optional(),
  ...accountFields,
});

type ListRequest = z.infer<typeof listSchema>;

const requestedClasses = (body: ListRequest) => body.mailClasses ?? [body.mailClass ?? 'ALL'];

/** The prices of the given mail classes. Throws an error response when there are none. */
function domesticPrices(
  body: Omit<ListRequest, 'mailClass' | 'mailClasses' | 'priceType'>,
  mailClasses: string[],
  priceType: PriceType,
): Price[] {
  const zone = zoneBetween(body.originZIPCode.slice(0, 5), body.destinationZIPCode.slice(0, 5));
  if (zone === undefined) {
    throw noPriceError(version, 'Could not find zone from provided ZIPs, date, and mail class');
  }
  const results = [...new Set(mailClasses.flatMap(classesOf))].map((mailClass) =>
    pricesOf(mailClass, priceType, body, zone),
  );
  const prices = results.flatMap((each) => (Array.isArray(each) ? each : []));
  if (prices.length > 0) return prices;
  const error = results.find((each): each is PriceError => !Array.isArray(each));
  throw noPriceError(version, error?.detail ?? 'No valid rates for these parameters.');
}

/** The Domestic Prices API; its prices are those of the shipping options. */
export function domesticPriceRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'prices', version);
  app.post('/prices/v3/base-rates/search', { onRequest }, async (request) => {
    const body = validateBody(version, singleSchema, request.body);
    const { type, warnings } = priceTypeFor(state, version, clientOf(request), body);
    const price = domesticPrices(body, [body.mailClass], type).find((each) => ingredientsFit(each, body));
    if (price === undefined) throw noPriceError(version, 'Could not find working sku from SSF ingredients');
    return rateResponse(price, warnings);
  });

  app.post('/prices/v3/base-rates-list/search', { onRequest }, async (request) => {
    const body = validateBody(version, listSchema, request.body);
    const { type } = priceTypeFor(state, version, clientOf(request), body);
    return rateListResponse(domesticPrices(body, requestedClasses(body), type));
  });

  app.post('/prices/v3/total-rates/search', { onRequest }, async (request) => {
    const body = validateBody(version, totalSchema, request.body);
    const { type } = priceTypeFor(state, version, clientOf(request), body);
    return rateListResponse(domesticPrices(body, requestedClasses(body), type), (price) =>
      servicesOf(state, price.mailClass, price.letter, body),
    );
  });

  app.post('/prices/v3/extra-service-rates/search', { onRequest }, async (request) => {
    const body = validateBody(version, extraServicesSchema, request.body);
    const { type } = priceTypeFor(state, version, clientOf(request), body);
    const codes = body.extraServices === undefined ? undefined : [body.extraServices].flat();
    const services = servicesOf(state, convertedClass(body.mailClass), 'X', {
      ...body,
      extraServices: codes,
    });
    if (services.list.length === 0) throw noPriceError(version, 'No extra services found.');
    return services.list.map((each) => ({ ...each, priceType: type }));
  });
}

/** The requested extra services, or all of the mail class. Insurance needs a value. */
function servicesOf(
  { switches }: UspsState,
  mailClass: string,
  letter: string,
  { extraServices, itemValue }: { extraServices?: number[] | undefined; itemValue?: number | undefined },
): { requested: boolean; list: PricedService[] } {
  const eligible = [415, 910, 920, 921, 922, 923, 924, 925, 930, 934, 955, 957, 981, 986, 991];
  const codes = (extraServices ?? eligible).filter(
    (each) => !isUnsupportedService(each, mailClass, switches),
  );
  const priced = codes.length === 0 ? [] : priceExtraServices(codes, itemValue, letter);
  return {
    requested: extraServices !== undefined,
    list: priced.map((each) => ({
      extraService: String(each.code),
      name: each.name,
      SKU: each.SKU,
      price: each.price.toNumber(),
      warnings: [],
    })),
  };
}
