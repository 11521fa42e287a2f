import type { LabelDesign } from '../../printing/label.ts';
import { commitmentFor, type Commitment } from '../prices/commitments.ts';
import { priceExtraServices, type ExtraService } from '../prices/extra-services.ts';
import { acceptanceTime, sped, type Parcel } from '../tracking/tracking-simulation.ts';
import { customsLines, serviceBanner } from './label-design.ts';
import { addressLines, labelAddress } from './label-address.ts';
import { labelPrice } from './label-price.ts';
import type { LabelAddress, LabelRequest } from './label-request.ts';
import { checkLabel } from './label-rules.ts';
import { uspsTrackingNumber } from '../tracking/tracking-numbers.ts';
import type { Role } from '../payments/payment-roles.ts';
import { isMilitary } from '../addresses/places.ts';
import type { Price } from '../prices/prices.ts';
import type { PriceType } from '../prices/products.ts';
import { manifestTime, nextSerial, type Label } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

export interface Purchase {
  owner: Role;
  priceType: PriceType;
  kind: 'outbound' | 'return';
  body: LabelRequest;
  /** The unmodified request body. */
  request: unknown;
  key: string | undefined;
}

/** Validates, prices and creates a domestic label and its parcel. */
export function purchaseDomestic(state: UspsState, purchase: Purchase): { label: Label; parcel: Parcel } {
  const { owner, body, key } = purchase;
  const piece = body.packageDescription;
  checkLabel(state, body);
  const to = labelAddress(body.toAddress, 'toAddress');
  const from = labelAddress(body.fromAddress, 'fromAddress');
  const { price, zone } = labelPrice(state, body, purchase.priceType);
  const value = piece.packageOptions?.packageValue;
  const extraServices = priceExtraServices(piece.extraServices, value, price.letter);
  const amount = [...price.fees, ...extraServices].reduce((sum, each) => sum.plus(each.price), price.price);

  const created = state.clock.now();
  const mailingDate = piece.mailingDate.slice(0, 10);
  const trackingNumber = uspsTrackingNumber(nextSerial(state), owner.MID, serviceTypeCode(price));
  const commitment = commitmentFor(price.mailClass, zone, mailingDate, isMilitary(to.ZIPCode));
  const label: Label = {
    trackingNumber,
    kind: purchase.kind,
    status: 'CREATED',
    amount: amount.toFixed(2),
    crid: owner.CRID!,
    mid: owner.MID!,
    manifestMid: owner.manifestMID ?? owner.MID!,
    created,
    mailingDate,
    origin: piece.destinationEntryFacilityAddress?.ZIPCode ?? from.ZIPCode,
    facility: piece.destinationEntryFacilityType,
    services: piece.extraServices,
    parcelLocker: body.toAddress.parcelLockerDelivery === true,
    manifested: manifestTime(mailingDate, created, piece.packageOptions?.immediateManifest),
    idempotencyKey: key,
    customs: body.customsForm !== undefined,
    request: purchase.request,
    metadata: metadataOf(state, purchase, { to, trackingNumber, price, extraServices, commitment }),
    drawing: {
      imageType: body.imageInfo.imageType,
      receiptOption: body.imageInfo.receiptOption,
      design: designOf(body, { trackingNumber, price, extraServices, from, to }),
      postage: [`Postage $${price.price.toFixed(2)}`],
      suppressPostage: body.imageInfo.suppressPostage,
      receipt: [
        trackingNumber,
        ...addressLines(to),
        `Postage $${price.price.toFixed(2)}`,
        ...[...price.fees, ...extraServices].map((each) => `${each.name} $${each.price.toFixed(2)}`),
        `Total $${amount.toFixed(2)}`,
      ],
    },
  };
  const parcel: Parcel = {
    trackingNumber,
    mid: owner.MID!,
    mailClass: price.mailClass,
    originZIP: from.ZIPCode,
    originCity: from.city.toUpperCase(),
    destinationZIP: to.ZIPCode,
    destinationCity: to.city.toUpperCase(),
    created,
    accepted: acceptanceTime(created, mailingDate, from.ZIPCode),
    travelHours: price.mailClass.startsWith('PRIORITY_MAIL_EXPRESS') ? 36 : 72,
    expectedDelivery: commitment?.date || undefined,
    announcedAs: piece.packageOptions?.generateGXEvent === false ? 'nothing' : 'GX',
  };
  return { label, parcel: sped(parcel, state.speed) };
}

interface PricedLabel {
  /** The destination as printed. */
  to: LabelAddress;
  trackingNumber: string;
  price: Price;
  extraServices: ExtraService[];
  commitment: Commitment | undefined;
}

/** The label's metadata as the response prints it. */
function metadataOf(
  state: UspsState,
  { kind, body }: Purchase,
  { to, trackingNumber, price, extraServices, commitment }: PricedLabel,
) {
  const { packageDescription: piece } = body;
  const signed = piece.extraServices.some((code) => code >= 910 && code <= 924 && code !== 920);
  return {
    labelAddress: to,
    routingInformation: `420${to.ZIPCode}${to.ZIPPlus4 ?? ''}`,
    trackingNumber,
    postage: price.price.toNumber(),
    extraServices: extraServices.map((each) => ({
      name: each.name,
      price: each.price.toNumber(),
      SKU: each.SKU,
    })),
    zone: price.zone,
    ...(commitment && {
      commitment: {
        name: commitment.name,
        ...(commitment.date === '' ? {} : { scheduleDeliveryDate: commitment.date }),
      },
    }),
    weightUOM: state.switches.documentMode ? 'lb' : 'LB',
    weight: piece.weight,
    dimensionalWeight: price.dimWeight,
    fees: price.fees.map((fee) => ({ name: fee.name, SKU: fee.SKU, price: fee.price.toNumber() })),
    bannerText: signed ? 'USPS SIGNATURE TRACKING # USPS Ship' : 'USPS TRACKING # USPS Ship',
    retailDistributionCode: '01',
    serviceTypeCode: serviceTypeCode(price),
    // Recorded: C01 with a ZIP+4 in the routing, C03 without. Return labels have none.
    ...(kind === 'return' ? {} : { constructCode: to.ZIPPlus4 ? 'C01' : 'C03', parcelLockerNumber: '' }),
    SKU: price.SKU,
    links: [
      {
        rel: ['Tracking URL'],
        href: `https://tools.usps.com/go/TrackConfirmAction_input?origTrackNum=${trackingNumber}`,
        method: 'GET',
      },
    ],
  };
}

/** The three digits after the channel in a tracking number. Guess: one of the many codes of each class. */
const serviceTypeCodes: Record<string, string> = {
  USPS_GROUND_ADVANTAGE: '001',
  PRIORITY_MAIL: '055',
  PRIORITY_MAIL_EXPRESS: '701',
  MEDIA_MAIL: '090',
  LIBRARY_MAIL: '092',
  BOUND_PRINTED_MATTER: '035',
  PARCEL_SELECT: '346',
  USPS_GROUND_ADVANTAGE_RETURN_SERVICE: '020',
  PRIORITY_MAIL_RETURN_SERVICE: '021',
  PRIORITY_MAIL_EXPRESS_RETURN_SERVICE: '022',
};
const serviceTypeCode = ({ mailClass }: Price) => serviceTypeCodes[mailClass] ?? '001';

function designOf(
  body: LabelRequest,
  {
    trackingNumber,
    price,
    extraServices,
    from,
    to,
  }: Omit<PricedLabel, 'commitment'> & { from: LabelAddress },
): LabelDesign {
  const { packageDescription: piece, imageInfo: image, customsForm: customs } = body;
  const { mailClass } = price;
  return {
    title: `${mailClass.startsWith('USPS') ? '' : 'USPS '}${mailClass.replaceAll('_', ' ')}`,
    from: addressLines(from),
    to: addressLines(to),
    trackingNumber,
    barcode: 'gs1-128',
    routing: to.ZIPCode,
    piece:
      image.packageNumber === undefined
        ? undefined
        : { number: image.packageNumber, total: image.totalPackages! },
    banner: serviceBanner(extraServices, piece.packageOptions?.packageValue),
    details: [
      `Weight ${piece.weight} lb`,
      ...(image.suppressMailDate ? [] : [`Mailed ${piece.mailingDate.slice(0, 10)}`]),
      ...(piece.customerReference ?? [])
        .filter((each) => each.printReferenceNumber === true && each.referenceNumber !== undefined)
        .map((each) => `Ref ${each.referenceNumber}`),
    ],
    ...(customs !== undefined && { customs: customsLines(customs) }),
  };
}
