import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { UspsClient } from '../oauth/clients.ts';
import { commitmentAnswer, commitmentFor } from './commitments.ts';
import {
  extraServiceCodes,
  internationalServiceCodes,
  priceExtraServices,
  priceInternationalServices,
  refusedService,
  type ExtraService,
} from './extra-services.ts';
import { callerOf, guard } from '../oauth/gateway.ts';
import { internationalGroup } from './international-groups.ts';
import { internationalPrices } from './international-prices.ts';
import { dateAt, isMilitary, zoneBetween } from '../addresses/places.ts';
import { pricesOf, raised, type Price, type Unpriced } from './prices.ts';
import { classesOf, type PriceType } from './products.ts';
import { businessError, calendarDate, gatewayFault, oasError, oasFaults } from '../errors.ts';
import type { UspsState } from '../state.ts';

const version = '/shipments/v3';

const zip = z.string().regex(/^\d{5}(?:[-\s]\d{4})?$/);
const positive = z.number().gt(0);
export const mailingDateSchema = z
  .string()
  .refine((text) => calendarDate.test(text.slice(0, 10)), 'String is invalid against requested format date')
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/);

const size = {
  weight: positive,
  length: positive,
  width: positive,
  height: positive,
  girth: positive.optional(),
  hasNonstandardCharacteristics: z.boolean().optional(),
};
const packageExtras = {
  extraServices: z.array(z.literal(extraServiceCodes)).max(5).optional(),
  packageValue: z.number().min(0).optional(),
  mailingDate: mailingDateSchema.optional(),
};
const paymentAccount = z.looseObject({
  accountType: z.enum(['EPS', 'PERMIT', 'METER', 'MID']).optional(),
  accountNumber: z.string().optional(),
  CRID: z.string().optional(),
});
/** `shippingOptions` belongs to the answer, and the document closes the object around it. */
const pricingOption = z.strictObject({
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT']).default('COMMERCIAL'),
  paymentAccount: paymentAccount.optional(),
  shippingOptions: z.array(z.unknown()).optional(),
});
const domesticClasses = [
  'PARCEL_SELECT',
  'PARCEL_SELECT_LIGHTWEIGHT',
  'USPS_CONNECT_LOCAL',
  'USPS_CONNECT_REGIONAL',
  'USPS_CONNECT_MAIL',
  'USPS_GROUND_ADVANTAGE',
  'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
  'PRIORITY_MAIL_EXPRESS',
  'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE',
  'PRIORITY_MAIL',
  'PRIORITY_MAIL_RETURN_SERVICE',
  'FIRST-CLASS_PACKAGE_SERVICE',
  'LIBRARY_MAIL',
  'MEDIA_MAIL',
  'BOUND_PRINTED_MATTER',
  'ALL',
  'ALL_OUTBOUND',
  'ALL_RETURNS',
] as const;
export const entryFacilities = [
  'NONE',
  'DESTINATION_NETWORK_DISTRIBUTION_CENTER',
  'DESTINATION_SECTIONAL_CENTER_FACILITY',
  'DESTINATION_DELIVERY_UNIT',
  'DESTINATION_SERVICE_HUB',
  'DESTINATION_REGIONAL_PROCESSING_DISTRIBUTION_CENTER',
] as const;

/** Closed, while the package and the payment account are open. */
const domesticRequest = z.strictObject({
  pricingOptions: z.array(pricingOption).min(1),
  originZIPCode: zip,
  destinationZIPCode: zip,
  destinationEntryFacilityType: z.enum(entryFacilities).default('NONE'),
  packageDescription: z.looseObject({ ...size, mailClass: z.enum(domesticClasses), ...packageExtras }),
  shippingFilter: z.enum(['PRICE', 'SERVICE_STANDARDS']).optional(),
});

const internationalRequest = z.strictObject({
  pricingOptions: z.array(pricingOption).min(1),
  originZIPCode: zip,
  foreignPostalCode: z.string().max(11).optional(),
  destinationCountryCode: z.string().regex(/^[A-Z]{2}$/),
  packageDescription: z.looseObject({
    ...size,
    mailClass: z.enum([
      'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
      'PRIORITY_MAIL_INTERNATIONAL',
      'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
      'GLOBAL_EXPRESS_GUARANTEED',
      'ALL',
    ]),
    ...packageExtras,
    extraServices: z.array(z.literal(internationalServiceCodes)).max(5).optional(),
  }),
  shippingFilter: z.enum(['PRICE']).optional(),
  requestDutiesTaxesFees: z.boolean().optional(),
  destinationCity: z.string().min(1).max(28).optional(),
  destinationState: z
    .string()
    .regex(/^\w{2}$/)
    .optional(),
  items: z
    .array(
      z.looseObject({
        itemId: z.string().regex(/^\w{1,20}$/),
        itemValue: z.number().min(0.01).max(999999.99),
        itemQuantity: z.number().min(1),
        itemWeight: z.number().min(0.001).optional(),
        countryOfOrigin: z.string().regex(/[A-Z]{2}/).optional(), // prettier-ignore
        HSTariffNumber: z.string().min(6).max(14).optional(),
      }),
    )
    .max(30)
    .optional(),
});

type Domestic = z.infer<typeof domesticRequest>;
type International = z.infer<typeof internationalRequest>;
type PricingOption = z.infer<typeof pricingOption>;

export function optionRoutes(app: FastifyInstance, world: UspsState) {
  app.post(
    '/shipments/v3/options/search',
    { onRequest: guard(world, 'shipments', version) },
    async (request) => {
      const body = exactlyOne(request.body);
      const client = callerOf(request);
      const origin = body.originZIPCode.slice(0, 5);
      if (zoneBetween(origin, origin) === undefined) {
        throw businessError(version, '160243', 'ZIP Code is not valid', 'originZIPCode');
      }
      checkMailingDate(world, origin, body.packageDescription.mailingDate);
      for (const option of body.pricingOptions)
        checkAccount(client, option, body.packageDescription.mailClass);
      return 'destinationZIPCode' in body ? domesticAnswer(world, body) : internationalAnswer(world, body);
    },
  );
}

/** The body is a `oneOf`: a mixture of both kinds matches none (issue 62). */
function exactlyOne(body: unknown): Domestic | International {
  const domestic = domesticRequest.safeParse(body, { reportInput: true });
  if (domestic.success) return domestic.data;
  const international = internationalRequest.safeParse(body, { reportInput: true });
  if (international.success) return international.data;
  const reasons = [domestic, international].flatMap(({ error }, index) =>
    oasFaults(error.issues).map((fault) => fault.replace('ERROR - ', `ERROR - /oneOf/${index}: `)),
  );
  throw oasError(version, [
    'ERROR - Instance failed to match exactly one schema (matched 0 out of 2): []',
    ...reasons,
  ]);
}

/** Today to 30 days ahead, by the calendar of the origin. */
function checkMailingDate(world: UspsState, origin: string, mailingDate: string | undefined) {
  if (mailingDate === undefined) return;
  const now = world.clock.now();
  const first = dateAt(now, origin);
  const last = dateAt(now + 30 * 86_400_000, origin);
  const date = mailingDate.slice(0, 10);
  if (first <= date && date <= last) return;
  const american = (day: string) => day.replace(/(\d{4})-(\d\d)-(\d\d)/, '$2/$3/$1');
  throw businessError(
    version,
    '040002',
    `Invalid AcceptDate ${american(date)}. AcceptDate must be between ${american(first)} and ${american(last)}.`,
    'packageDescription.mailingDate',
  );
}

function checkAccount(client: UspsClient, option: PricingOption, mailClass: string) {
  if (option.priceType !== 'CONTRACT') return;
  const account = option.paymentAccount;
  if (account?.accountNumber === undefined) {
    throw businessError(version, '160154', "required when priceType is 'CONTRACT'", 'paymentAccount');
  }
  if (account.accountType === 'MID' && !mailClass.endsWith('RETURN_SERVICE') && mailClass !== 'ALL_RETURNS') {
    throw businessError(
      version,
      '160392',
      'MID is not a valid account type for Outbound Mail Classes; accountType EPS, PERMIT, or METER is required.',
      'packageDescription.mailClass',
    );
  }
  // Seen for an account without a contract (issue 22).
  if (account.accountNumber !== client.contractAccount && account.accountNumber !== client.mid)
    throw gatewayFault();
}

function domesticAnswer(world: UspsState, body: Domestic) {
  const piece = body.packageDescription;
  const origin = body.originZIPCode.slice(0, 5);
  const destination = body.destinationZIPCode.slice(0, 5);
  const zone = zoneBetween(origin, destination);
  if (zone === undefined) {
    throw businessError(version, '160244', 'ZIP Code is not valid', 'destinationZIPCode');
  }
  const mailingDate = piece.mailingDate?.slice(0, 10) ?? dateAt(world.clock.now(), origin);
  const classes = classesOf(piece.mailClass);
  const asked = piece.extraServices ?? [];
  requireValue(asked, piece.packageValue);
  if (classes.length === 1 && asked.some((code) => refusedService(code, classes[0]!, world.switches))) {
    throw businessError(
      version,
      '160155',
      `mailClass: ${piece.mailClass} with ExtraServices: [${asked.join(', ')}] is an unsupported combination.`,
      'packageDescription.mailClass, packageDescription.extraServices',
    );
  }
  const notMilitary = [480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 921, 934];
  if (isMilitary(destination) && asked.some((code) => notMilitary.includes(code))) {
    throw businessError(
      version,
      '160157',
      'ExtraServices: [480-489, 921, 934] are not valid at the APO/FPO/DPO address provided',
      'packageDescription.extraServices',
    );
  }
  const pricingOptions = body.pricingOptions.map((option) => {
    const found = classes.map((mailClass) => pricesOf(mailClass, option.priceType, piece, zone));
    const refused = found.find((each): each is Unpriced => !Array.isArray(each));
    if (refused !== undefined && !found.some((each) => Array.isArray(each))) {
      throw businessError(version, refused.code, refused.detail);
    }
    const offers = found
      .flatMap((each) => (Array.isArray(each) ? each : []))
      .map((price) => ({
        price: raised(price, world.switches.surcharge),
        commitment: commitmentFor(price.mailClass, zone, mailingDate, isMilitary(destination)),
      }));
    const date = (offer: (typeof offers)[number]) => offer.commitment?.date || '9999';
    const kept =
      body.shippingFilter === 'PRICE'
        ? offers.toSorted((a, b) => totalBase(a.price).cmp(totalBase(b.price))).slice(0, 1)
        : body.shippingFilter === 'SERVICE_STANDARDS'
          ? offers.toSorted((a, b) => date(a).localeCompare(date(b))).slice(0, 1)
          : offers;
    const shippingOptions = classes.flatMap((mailClass) => {
      const rateOptions = kept
        .filter(({ price }) => price.mailClass === mailClass)
        .map(({ price, commitment }) => ({
          ...(commitment && { commitment: commitmentAnswer(commitment, world.switches.documentMode) }),
          ...rateOption(
            world,
            price,
            priceExtraServices(
              asked.filter((code) => !refusedService(code, price.mailClass, world.switches)),
              piece.packageValue,
              price.letter,
            ),
            asked.length > 0,
          ),
        }));
      return rateOptions.length === 0 ? [] : [{ mailClass, rateOptions }];
    });
    return { shippingOptions, ...echoOf(option) };
  });
  // The recording answers `38746 0230` with a hyphen.
  return {
    originZIPCode: body.originZIPCode.replace(' ', '-'),
    destinationZIPCode: body.destinationZIPCode.replace(' ', '-'),
    pricingOptions,
  };
}

function internationalAnswer(world: UspsState, body: International) {
  requireValue(body.packageDescription.extraServices ?? [], body.packageDescription.packageValue);
  if (internationalGroup(body.destinationCountryCode) === undefined) {
    throw businessError(
      version,
      '030013',
      'There was no valid international price group for the provided country, date, mail class, and mail class.',
    );
  }
  const pricingOptions = body.pricingOptions.map((option) => {
    const prices = internationalPrices(
      body.packageDescription.mailClass,
      body.destinationCountryCode,
      option.priceType,
      body.packageDescription,
    );
    if (prices.length === 0) throw businessError(version, '030020', 'No valid rates for these parameters.');
    const kept =
      body.shippingFilter === 'PRICE' ? prices.toSorted((a, b) => a.price.cmp(b.price)).slice(0, 1) : prices;
    const classes = [...new Set(kept.map((price) => price.mailClass))];
    const shippingOptions = classes.map((mailClass) => ({
      mailClass,
      rateOptions: kept
        .filter((price) => price.mailClass === mailClass)
        .map((price) =>
          rateOption(
            world,
            price,
            priceInternationalServices(
              body.packageDescription.extraServices ?? [],
              body.packageDescription.packageValue,
            ),
            (body.packageDescription.extraServices ?? []).length > 0,
          ),
        ),
    }));
    return { shippingOptions, ...echoOf(option) };
  });
  return {
    originZIPCode: body.originZIPCode,
    ...(body.foreignPostalCode === undefined ? {} : { foreignPostalCode: body.foreignPostalCode }),
    destinationCountryCode: body.destinationCountryCode,
    pricingOptions,
  };
}

const echoOf = (option: PricingOption) => ({
  priceType: option.priceType,
  ...(option.paymentAccount === undefined ? {} : { paymentAccount: option.paymentAccount }),
});

const totalBase = (price: Price) => price.fees.reduce((sum, fee) => sum.plus(fee.price), price.price);

/** Insurance is of a value. */
function requireValue(asked: number[], value: number | undefined) {
  if ((asked.includes(930) || asked.includes(931)) && !value) {
    throw businessError(
      version,
      '030024',
      'A non-zero item value is required for this extra service code.',
      'packageValue',
    );
  }
}

function rateOption(world: UspsState, price: Price, extraServices: ExtraService[], asked: boolean) {
  const base = totalBase(price);
  const total = extraServices.reduce((sum, extra) => sum.plus(extra.price), base);
  const hasTotal = world.switches.totalPrice === 'always' || asked;
  const priceType = ratePriceType(price);
  return {
    ...(hasTotal ? { totalPrice: total.toNumber() } : {}),
    totalBasePrice: base.toNumber(),
    rates: [
      {
        description: price.description,
        startDate: '2026-01-18',
        endDate: '',
        price: price.price.toNumber(),
        zone: price.zone,
        weight: price.weight,
        dimensionalWeight: price.dimWeight,
        dimWeight: price.dimWeight,
        fees: price.fees.map((fee) => ({ name: fee.name, SKU: fee.SKU, price: fee.price.toNumber() })),
        priceType,
        mailClass: price.mailClass,
        productName: price.productName,
        productDefinition: price.productDefinition,
        processingCategory: price.processingCategory,
        rateIndicator: price.rateIndicator,
        destinationEntryFacilityType: price.destinationEntryFacilityType,
        SKU: price.SKU,
      },
    ],
    extraServices: extraServices.map((extra) => ({
      name: extra.name,
      price: extra.price.toNumber(),
      extraService: String(extra.code),
      priceType,
      warnings: [],
      SKU: extra.SKU,
    })),
  };
}

/** The document's international example answers in COMMERCIAL_BASE. */
const ratePriceType = (price: Price): PriceType | 'COMMERCIAL_BASE' =>
  price.destinationEntryFacilityType === 'INTERNATIONAL_SERVICE_CENTER' && price.priceType !== 'RETAIL'
    ? 'COMMERCIAL_BASE'
    : price.priceType;
