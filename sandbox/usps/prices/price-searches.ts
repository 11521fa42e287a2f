import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  extraServiceCodes,
  priceExtraServices,
  priceInternationalServices,
  refusedService,
} from './extra-services.ts';
import { callerOf, guard } from '../oauth/gateway.ts';
import { internationalPrices } from './international-prices.ts';
import { entryFacilities } from './shipping-options.ts';
import { zoneBetween } from '../addresses/places.ts';
import { abroadFields, accountFields, homeFields, internationalClasses, mailClasses, measures, rateIndicators } from './price-requests.ts'; // prettier-ignore
import {
  ingredientsFit,
  listAnswer,
  priceTypeFor,
  rateAnswer,
  unpriced,
  type Extra,
} from './price-responses.ts';
import { pricesOf, type Price } from './prices.ts';
import { classesOf, convertedClass, type PriceType } from './products.ts';
import { validated } from '../errors.ts';
import type { UspsState } from '../state.ts';

const code = z.literal(extraServiceCodes.filter((each) => each !== 365 && each !== 452));
const list = z.strictObject({
  ...homeFields,
  ...measures,
  mailClass: z.enum([...mailClasses, 'ALL']).optional(),
  mailClasses: z.array(z.enum([...mailClasses, 'ALL'])).optional(),
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT', 'NSA']).default('COMMERCIAL'),
  ...accountFields,
  hasNonstandardCharacteristics: z.boolean().optional(),
});
const single = z.strictObject({
  ...homeFields,
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
const total = z.strictObject({
  ...list.shape,
  itemValue: z.number().min(0).optional(),
  extraServices: z.array(code).optional(),
});
const extras = z.strictObject({
  extraServices: z.union([z.array(code), code]).optional(),
  mailClass: z.enum(mailClasses),
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT', 'NSA']),
  itemValue: z.number().min(0).optional(),
  weight: z.number().optional(),
  originZIPCode: homeFields.originZIPCode.optional(),
  destinationZIPCode: homeFields.destinationZIPCode.optional(),
  ...accountFields,
});

/** Searches at home; their prices are those of the options call. */
export function domesticPriceRoutes(app: FastifyInstance, world: UspsState) {
  const version = '/prices/v3';
  const onRequest = guard(world, 'prices', version);
  type Body = z.infer<typeof list>;

  const found = (
    body: Omit<Body, 'mailClass' | 'mailClasses' | 'priceType'>,
    wanted: string[],
    type: PriceType,
  ): Price[] => {
    const zone = zoneBetween(body.originZIPCode.slice(0, 5), body.destinationZIPCode.slice(0, 5));
    if (zone === undefined) {
      throw unpriced(version, 'Could not find zone from provided ZIPs, date, and mail class');
    }
    const each = [...new Set(wanted.flatMap(classesOf))].map((mailClass) =>
      pricesOf(mailClass, type, body, zone),
    );
    const prices = each.flatMap((prices) => (Array.isArray(prices) ? prices : []));
    if (prices.length > 0) return prices;
    const reason = each.find((prices) => !Array.isArray(prices)) as { detail: string } | undefined;
    throw unpriced(version, reason?.detail ?? 'No valid rates for these parameters.');
  };
  const wantedBy = (body: Body) => body.mailClasses ?? [body.mailClass ?? 'ALL'];

  app.post('/prices/v3/base-rates/search', { onRequest }, async (request) => {
    const body = validated(version, single, request.body);
    const { type, warnings } = priceTypeFor(world, version, callerOf(request), body);
    const price = found(body, [body.mailClass], type).find((each) => ingredientsFit(each, body));
    if (price === undefined) throw unpriced(version, 'Could not find working sku from SSF ingredients');
    return rateAnswer(price, warnings);
  });

  app.post('/prices/v3/base-rates-list/search', { onRequest }, async (request) => {
    const body = validated(version, list, request.body);
    const { type } = priceTypeFor(world, version, callerOf(request), body);
    return listAnswer(found(body, wantedBy(body), type));
  });

  app.post('/prices/v3/total-rates/search', { onRequest }, async (request) => {
    const body = validated(version, total, request.body);
    const { type } = priceTypeFor(world, version, callerOf(request), body);
    return listAnswer(found(body, wantedBy(body), type), (price) =>
      servicesOf(world, price.mailClass, price.letter, body),
    );
  });

  app.post('/prices/v3/extra-service-rates/search', { onRequest }, async (request) => {
    const body = validated(version, extras, request.body);
    const { type } = priceTypeFor(world, version, callerOf(request), body);
    const asked = body.extraServices === undefined ? undefined : [body.extraServices].flat();
    const services = servicesOf(world, convertedClass(body.mailClass), 'X', {
      ...body,
      extraServices: asked,
    });
    if (services.list.length === 0) throw unpriced(version, 'No extra services found.');
    return services.list.map((each) => ({ ...each, priceType: type }));
  });
}

/** Those that were asked for, or all that the class has; insurance is of a value. */
function servicesOf(
  { switches }: UspsState,
  mailClass: string,
  letter: string,
  { extraServices, itemValue }: { extraServices?: number[] | undefined; itemValue?: number | undefined },
): { asked: boolean; list: Extra[] } {
  const eligible = [415, 910, 920, 921, 922, 923, 924, 925, 930, 934, 955, 957, 981, 986, 991];
  const codes = (extraServices ?? eligible).filter((each) => !refusedService(each, mailClass, switches));
  const priced = codes.length === 0 ? [] : priceExtraServices(codes, itemValue, letter);
  return {
    asked: extraServices !== undefined,
    list: priced.map((each) => ({
      extraService: String(each.code),
      name: each.name,
      SKU: each.SKU,
      price: each.price.toNumber(),
      warnings: [],
    })),
  };
}

const abroadType = z.enum(['RETAIL', 'COMMERCIAL', 'COMMERCIAL_BASE', 'COMMERCIAL_PLUS', 'CONTRACT']);
const abroadCode = z.literal([370, 813, 820, 826, 857, 930, 931, 955]);
const abroadIndicator = z.enum('E4 E6 E7 FA FB FE FP FS PA PL SP EP HA HB HE HL HP HS LE'.split(' '));
const abroadList = z.strictObject({
  ...abroadFields,
  ...measures,
  priceType: abroadType.default('COMMERCIAL'),
  mailClass: z.enum([...internationalClasses, 'ALL']).default('ALL'),
});
const abroadSingle = z.strictObject({
  ...abroadFields,
  ...measures,
  priceType: abroadType,
  mailClass: z.enum(internationalClasses),
  processingCategory: z.enum(['FLATS', 'MACHINABLE', 'NON_MACHINABLE', 'NONSTANDARD']),
  rateIndicator: abroadIndicator,
  destinationEntryFacilityType: z.enum(['NONE', 'INTERNATIONAL_SERVICE_CENTER']),
});
const abroadTotal = z.strictObject({
  ...abroadList.shape,
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
  extraServices: z.array(abroadCode).optional(),
});
const { originZIPCode: _, foreignPostalCode: __, ...placeless } = abroadFields;
const abroadExtras = z.strictObject({
  ...placeless,
  extraServices: z.array(abroadCode).optional(),
  extraService: abroadCode.optional(),
  mailClass: z.enum(internationalClasses),
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'COMMERCIAL_PLUS', 'NSA']),
  itemValue: z.string().optional(),
  weight: z.number(),
  rateIndicator: abroadIndicator,
});

/** The same searches abroad. */
export function internationalPriceRoutes(app: FastifyInstance, world: UspsState) {
  const version = '/international-prices/v3';
  const onRequest = guard(world, 'international-prices', version);
  const base = '/international-prices/v3';

  const found = (body: z.infer<typeof abroadList>, type: PriceType) => {
    const prices = internationalPrices(body.mailClass, body.destinationCountryCode, type, body);
    if (prices.length > 0) return prices;
    throw unpriced(version, 'No valid rates for these parameters.');
  };
  const servicesAbroad = (codes: number[] | undefined, value: number | undefined) => ({
    asked: codes !== undefined,
    list: priceInternationalServices(codes ?? [930, 955], value).map((each): Extra => ({
      extraService: String(each.code),
      name: each.name,
      SKU: each.SKU,
      price: each.price.toNumber(),
      warnings: [],
    })),
  });

  app.post(`${base}/base-rates/search`, { onRequest }, async (request) => {
    const body = validated(version, abroadSingle, request.body);
    const { type, warnings } = priceTypeFor(world, version, callerOf(request), body);
    const price = found(body, type).find((each) => each.rateIndicator === body.rateIndicator);
    if (price === undefined) throw unpriced(version, 'Could not find working sku from SSF ingredients');
    return rateAnswer(price, warnings);
  });

  app.post(`${base}/base-rates-list/search`, { onRequest }, async (request) => {
    const body = validated(version, abroadList, request.body);
    return listAnswer(found(body, priceTypeFor(world, version, callerOf(request), body).type));
  });

  app.post(`${base}/total-rates/search`, { onRequest }, async (request) => {
    const body = validated(version, abroadTotal, request.body);
    const { type } = priceTypeFor(world, version, callerOf(request), body);
    return listAnswer(found(body, type), () => servicesAbroad(body.extraServices, body.itemValue));
  });

  app.post(`${base}/extra-service-rates/search`, { onRequest }, async (request) => {
    const body = validated(version, abroadExtras, request.body);
    const codes = body.extraServices ?? (body.extraService === undefined ? undefined : [body.extraService]);
    const services = servicesAbroad(codes, body.itemValue === undefined ? undefined : Number(body.itemValue));
    if (services.list.length === 0) throw unpriced(version, 'No extra services found.');
    const priceType = body.priceType === 'RETAIL' ? 'RETAIL' : 'COMMERCIAL';
    // A number here, and text in the other searches.
    return {
      extraServices: services.list.map((each) => ({
        ...each,
        extraService: Number(each.extraService),
        priceType,
      })),
    };
  });
}
