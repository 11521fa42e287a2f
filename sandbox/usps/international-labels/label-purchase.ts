import type { LabelDesign } from '../../printing/label.ts';
import { customsLines, serviceBanner } from '../labels/label-design.ts';
import { priceInternationalServices, type ExtraService } from '../prices/extra-services.ts';
import type { InternationalLabelRequest } from './label-schema.ts';
import { internationalPrices } from '../prices/international-prices.ts';
import { checkInternationalLabel, internationalVersion, internationalLabelError } from './label-rules.ts';
import { acceptanceTime, sped, type Parcel } from '../tracking/tracking-simulation.ts';
import { addressLines, labelAddress, nameLines } from '../labels/label-address.ts';
import { uspsInternationalNumber } from '../tracking/tracking-numbers.ts';
import type { Role } from '../payments/payment-roles.ts';
import { dutiesFee, dutiesOf } from '../prices/duties.ts';
import type { Price } from '../prices/prices.ts';
import type { PriceType } from '../prices/products.ts';
import { manifestTime, nextSerial, type Label } from '../labels/purchased-labels.ts';
import type { UspsState } from '../state.ts';

interface Purchase {
  owner: Role;
  priceType: PriceType;
  body: InternationalLabelRequest;
  /** The unmodified request body. */
  request: unknown;
  key: string | undefined;
}

/** Validates, prices and creates an international label and its parcel. */
export function purchaseInternational(
  state: UspsState,
  purchase: Purchase,
): { label: Label; parcel: Parcel } {
  const { owner, body, key } = purchase;
  const { packageDescription: piece, toAddress: to } = body;
  checkInternationalLabel(state, body);
  const from = labelAddress(body.fromAddress, 'fromAddress', internationalVersion);
  const price = labelPrice(body, purchase.priceType);
  const extraServices = priceInternationalServices(piece.extraServices, piece.packageOptions?.packageValue);
  const duties = piece.prepayDutiesTaxesFees === true ? prepaidDuties(body) : undefined;
  const services = extraServices.reduce((sum, each) => sum.plus(each.price), price.price);
  const dutyCosts = duties?.itemCosts.flatMap(({ dutyPrice, taxPrice }) => [dutyPrice, taxPrice]) ?? [];
  const amount = [...dutyCosts, duties?.packageFee ?? 0].reduce((sum, cost) => sum.plus(cost), services);
  const created = state.clock.now();
  const trackingNumber = uspsInternationalNumber(nextSerial(state), piece.mailClass);
  const label: Label = {
    trackingNumber,
    kind: 'international',
    status: 'CREATED',
    amount: amount.toFixed(2),
    crid: owner.CRID!,
    mid: owner.MID!,
    manifestMid: owner.manifestMID ?? owner.MID!,
    created,
    mailingDate: piece.mailingDate,
    origin: from.ZIPCode,
    facility: 'NONE',
    services: piece.extraServices,
    parcelLocker: false,
    manifested: manifestTime(piece.mailingDate, created, piece.packageOptions?.immediateManifest),
    idempotencyKey: key,
    customs: true,
    request: purchase.request,
    metadata: metadataOf(body, trackingNumber, price, extraServices),
    duties,
    drawing: {
      imageType: body.imageInfo.imageType,
      receiptOption: 'NONE',
      design: designOf(body, { from, trackingNumber, price, extraServices }),
      postage: [`Postage $${price.price.toFixed(2)}`, ...extraServices.map(feeLine)],
      suppressPostage: body.imageInfo.suppressPostage,
      receipt: [],
    },
  };
  const parcel: Parcel = {
    trackingNumber,
    mid: owner.MID!,
    mailClass: piece.mailClass,
    originZIP: from.ZIPCode,
    originCity: from.city.toUpperCase(),
    destinationZIP: to.postalCode ?? '',
    destinationCity: to.city.toUpperCase(),
    destinationCountry: to.countryISOAlpha2Code.toUpperCase(),
    created,
    accepted: acceptanceTime(created, piece.mailingDate, from.ZIPCode),
    travelHours: piece.mailClass === 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL' ? 120 : 240,
    announcedAs: piece.packageOptions?.generateGXEvent === false ? 'nothing' : 'GX',
  };
  return { label, parcel: sped(parcel, state.speed) };
}

const feeLine = ({ name, price }: ExtraService) => `${name} $${price.toFixed(2)}`;

function prepaidDuties({ customsForm }: InternationalLabelRequest) {
  const itemCosts = customsForm.contents.map((item) => ({
    ...dutiesOf(item.itemTotalValue ?? (item.itemValue ?? 0) * item.itemQuantity),
    itemDescription: item.itemDescription,
  }));
  return { packageFee: dutiesFee, itemCosts };
}

function metadataOf(
  { packageDescription: piece, toAddress }: InternationalLabelRequest,
  trackingNumber: string,
  price: Price,
  extraServices: ExtraService[],
) {
  return {
    labelAddress: toAddress,
    internationalTrackingNumber: trackingNumber,
    constructCode: 'I01',
    SKU: price.SKU,
    postage: price.price.toNumber(),
    extraServices: extraServices.map((each) => ({
      serviceID: String(each.code),
      serviceName: each.name,
      price: each.price.toNumber(),
      sku: each.SKU,
      warnings: [],
    })),
    internationalPriceGroup: price.zone,
    weightUOM: 'lb',
    weight: piece.weight,
    dimensionalWeight: price.dimWeight.toFixed(1),
    mailingDate: piece.mailingDate,
    fees: [],
  };
}

const packagings: Record<string, string[]> = {
  VARIABLE: ['SP', 'PA'],
  FLAT_RATE_ENVELOPE: ['FE', 'E4'],
  LEGAL_FLAT_RATE_ENVELOPE: ['FA', 'E6'],
  PADDED_FLAT_RATE_ENVELOPE: ['FP'],
  SM_FLAT_RATE_BOX: ['FS'],
  MD_FLAT_RATE_BOX: ['FB'],
  LG_FLAT_RATE_BOX: ['PL'],
};

/** The price of a shipping-options search with the same mail class and indicator. */
function labelPrice(body: InternationalLabelRequest, priceType: PriceType): Price {
  const piece = body.packageDescription;
  // Guess: the document's default, SP, means a single piece of any class.
  const indicators = piece.packagingType
    ? packagings[piece.packagingType]!
    : piece.rateIndicator
      ? [piece.rateIndicator]
      : ['SP', 'PA'];
  const country = body.toAddress.countryISOAlpha2Code.toUpperCase();
  const found = internationalPrices(piece.mailClass, country, priceType, piece);
  const price = found.find((each) => indicators.includes(each.rateIndicator));
  if (price !== undefined) return price;
  throw internationalLabelError(
    '030002',
    'Could not find working sku from SSF ingredients',
    'packageDescription',
  );
}

function designOf(
  body: InternationalLabelRequest,
  {
    from,
    trackingNumber,
    price,
    extraServices,
  }: {
    from: ReturnType<typeof labelAddress>;
    trackingNumber: string;
    price: Price;
    extraServices: ExtraService[];
  },
): LabelDesign {
  const { toAddress: to, packageDescription: piece, customsForm: customs } = body;
  return {
    title: price.productName.toUpperCase(),
    from: addressLines(from),
    to: [
      ...nameLines(to),
      to.streetAddress,
      to.secondaryAddress ?? '',
      [to.city, to.province, to.postalCode].filter(Boolean).join(' '),
      to.country.toUpperCase(),
    ].filter((line) => line !== ''),
    trackingNumber,
    banner: serviceBanner(extraServices, piece.packageOptions?.packageValue),
    details: [`Weight ${piece.weight} lb`, `Mailed ${piece.mailingDate}`],
    customs: customsLines(customs),
  };
}
