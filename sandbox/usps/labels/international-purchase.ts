import type { LabelDesign } from '../../label-image.ts';
import { priceInternationalServices } from '../prices/extra-services.ts';
import type { InternationalForm } from './international-request.ts';
import { internationalPrices } from '../prices/international-prices.ts';
import { checkInternational, internationalVersion, refuse } from '../prices/international-rules.ts';
import { handover, type Parcel } from '../tracking/tracking-simulation.ts';
import { labelAddress } from './label-request.ts';
import { uspsInternationalNumber } from '../tracking/tracking-numbers.ts';
import type { Role } from '../oauth/payments.ts';
import type { Price } from '../prices/prices.ts';
import type { PriceType } from '../prices/products.ts';
import { manifestTime, nextSerial, type Label } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

interface Sale {
  owner: Role;
  priceType: PriceType;
  body: InternationalForm;
  /** As it came. */
  request: unknown;
  key: string | undefined;
}

/** Checks, prices and draws a label abroad. */
export function sellInternational(world: UspsState, sale: Sale): { label: Label; parcel: Parcel } {
  const { owner, body, key } = sale;
  const { packageDescription: piece, toAddress: to } = body;
  checkInternational(world, body);
  const from = labelAddress(body.fromAddress, 'fromAddress', internationalVersion);
  const price = priceOf(body, sale.priceType);
  const extras = priceInternationalServices(piece.extraServices, piece.packageOptions?.packageValue);
  const amount = extras.reduce((sum, each) => sum.plus(each.price), price.price);
  const created = world.clock.now();
  const trackingNumber = uspsInternationalNumber(nextSerial(world), piece.mailClass);
  const metadata = {
    labelAddress: to,
    internationalTrackingNumber: trackingNumber,
    constructCode: 'I01',
    SKU: price.SKU,
    postage: price.price.toNumber(),
    extraServices: extras.map((each) => ({
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
    request: sale.request,
    metadata,
    drawing: {
      imageType: body.imageInfo.imageType,
      receiptOption: 'NONE',
      design: designOf(body, from, trackingNumber, price),
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
    accepted: handover(created, piece.mailingDate, from.ZIPCode),
    travelHours: piece.mailClass === 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL' ? 120 : 240,
    announcedAs: piece.packageOptions?.generateGXEvent === false ? 'nothing' : 'GX',
  };
  return { label, parcel };
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

/** The price of the options call for the same ingredients. */
function priceOf(body: InternationalForm, priceType: PriceType): Price {
  const piece = body.packageDescription;
  // Guess: the document's default SP stands for a single piece of any class.
  const wanted = piece.packagingType
    ? packagings[piece.packagingType]!
    : piece.rateIndicator
      ? [piece.rateIndicator]
      : ['SP', 'PA'];
  const country = body.toAddress.countryISOAlpha2Code.toUpperCase();
  const found = internationalPrices(piece.mailClass, country, priceType, piece);
  const price = found.find((each) => wanted.includes(each.rateIndicator));
  if (price !== undefined) return price;
  throw refuse('030002', 'Could not find working sku from SSF ingredients', 'packageDescription');
}

function designOf(
  body: InternationalForm,
  from: ReturnType<typeof labelAddress>,
  trackingNumber: string,
  price: Price,
): LabelDesign {
  const { toAddress: to, packageDescription: piece, customsForm: customs } = body;
  const lines = (all: (string | undefined)[]) =>
    all.filter((line) => line !== undefined && line !== '') as string[];
  const person = (who: { firstName?: string | undefined; lastName?: string | undefined }) =>
    [who.firstName, who.lastName].filter(Boolean).join(' ');
  return {
    title: price.productName.toUpperCase(),
    from: lines([person(from), from.firm, from.streetAddress, `${from.city} ${from.state} ${from.ZIPCode}`]),
    to: lines([
      person(to),
      to.firm,
      to.streetAddress,
      to.secondaryAddress,
      [to.city, to.province, to.postalCode].filter(Boolean).join(' '),
      to.country.toUpperCase(),
    ]),
    trackingNumber,
    details: [
      `Weight ${piece.weight} lb  ${customs.customsContentType}  ${customs.AESITN}`,
      // The first five lines of a customs form are printed.
      ...customs.contents
        .slice(0, 5)
        .map((item) => `${item.itemQuantity} ${item.itemDescription} ${item.countryofOrigin}`),
    ],
  };
}
