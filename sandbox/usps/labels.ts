import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LabelDesign } from '../label.ts';
import { commitmentFor } from './commitments.ts';
import { priceExtraServices } from './extra-services.ts';
import { guard } from './gateway.ts';
import { handover, type Parcel } from './journey.ts';
import { drawImages, flatAnswer, multipart, type Drawing } from './label-answer.ts';
import { labelForm } from './label-form.ts';
import { checkLabel, labelAddress, labelPrice, withPlace, type LabelRequest } from './label-request.ts';
import { uspsTrackingNumber } from './numbers.ts';
import { paymentOf, type Role } from './payments.ts';
import { isMilitary, momentAt } from './places.ts';
import { businessError, envelope, oasError, validated } from './refusals.ts';
import type { World } from './world.ts';

const version = '/labels/v3';

/** A label that was sold. */
export interface Label {
  trackingNumber: string;
  status: 'CREATED' | 'CANCELED' | 'DISPUTED';
  /** Dollars with fees and extra services, as text. */
  amount: string;
  crid: string;
  created: number;
  mailingDate: string;
  /** When it goes into the Shipping Services File, after which it cannot be cancelled. */
  manifested: number;
  idempotencyKey?: string | undefined;
  disputeId?: string;
  disputedOn?: string;
  /** The request as it came, to tell a repeat from another purchase under the same key. */
  request: unknown;
  metadata: object;
  drawing: Drawing;
}

export function labelRoutes(app: FastifyInstance, world: World) {
  const onRequest = guard(world, 'labels', version);
  const { store } = world;

  app.post('/labels/v3/label', { onRequest }, async (request, reply) => {
    const { owner } = paymentOf(world, version, request);
    const body = withPlace(validated(version, labelForm, request.body));
    const key = idempotencyKey(request);
    // Nothing waits between looking the key up and keeping the label, so that a key buys once.
    const earlier = key === undefined ? undefined : labelOfKey(world, owner, key);
    if (earlier !== undefined && !isDeepStrictEqual(earlier.request, request.body)) {
      // Guess: nothing is documented for another payload under a used key.
      throw envelope(
        version,
        400,
        'The X-Idempotency-Key was already used with a different request payload.',
      );
    }
    const label = earlier ?? sell(world, owner, body, request.body, key);
    return answer(world, request, reply, label);
  });

  app.delete<{ Params: { number: string } }>('/labels/v3/label/:number', { onRequest }, async (request) => {
    const { owner } = paymentOf(world, version, request);
    return cancel(world, owner, store.get<Label>('usps.label', request.params.number));
  });

  app.delete('/labels/v3/label', { onRequest }, async (request, reply) => {
    const { owner } = paymentOf(world, version, request);
    const key = idempotencyKey(request);
    if (key === undefined) {
      throw oasError(version, [
        "ERROR - Header parameter 'X-Idempotency-Key' is required on path '/label' but not found in request.: []",
      ]);
    }
    reply.header('X-Idempotency-Key', key);
    return cancel(world, owner, labelOfKey(world, owner, key));
  });
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['x-idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key)) return key;
  throw oasError(version, [
    `ERROR - [Parameter 'X-Idempotency-Key'] Input string "${String(key)}" is not a valid UUID: []`,
  ]);
}

/** Keys are unique for each CRID. */
function labelOfKey(world: World, owner: Role, key: string): Label | undefined {
  const kept = world.store.get<{ trackingNumber: string }>(
    'usps.idempotency',
    `${owner.CRID} ${key.toLowerCase()}`,
  );
  return kept && world.store.get<Label>('usps.label', kept.trackingNumber);
}

function sell(
  world: World,
  owner: Role,
  body: LabelRequest,
  request: unknown,
  key: string | undefined,
): Label {
  const { clock, store } = world;
  const piece = body.packageDescription;
  checkLabel(world, body);
  const to = labelAddress(body.toAddress, 'toAddress');
  const from = labelAddress(body.fromAddress, 'fromAddress');
  const { price, zone } = labelPrice(body);
  const value = piece.packageOptions?.packageValue;
  const extraServices = priceExtraServices(piece.extraServices, value, price.letter);
  const amount = [...price.fees, ...extraServices].reduce((sum, each) => sum.plus(each.price), price.price);

  const created = clock.now();
  const mailingDate = piece.mailingDate.slice(0, 10);
  const serviceTypeCode = serviceTypeCodes[price.mailClass] ?? '001';
  const trackingNumber = uspsTrackingNumber(nextSerial(world), owner.MID, serviceTypeCode);
  const commitment = commitmentFor(price.mailClass, zone, mailingDate, isMilitary(to.ZIPCode));
  const signed = piece.extraServices.some((code) => code >= 910 && code <= 924 && code !== 920);
  const metadata = {
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
    weightUOM: world.switches.documentMode ? 'lb' : 'LB',
    weight: piece.weight,
    dimensionalWeight: price.dimWeight,
    fees: price.fees.map((fee) => ({ name: fee.name, SKU: fee.SKU, price: fee.price.toNumber() })),
    bannerText: signed ? 'USPS SIGNATURE TRACKING # USPS Ship' : 'USPS TRACKING # USPS Ship',
    retailDistributionCode: '01',
    serviceTypeCode,
    // As recorded: C01 with a ZIP+4 in the routing, C03 without.
    constructCode: to.ZIPPlus4 ? 'C01' : 'C03',
    parcelLockerNumber: '',
    SKU: price.SKU,
    links: [
      {
        rel: ['Tracking URL'],
        href: `https://tools.usps.com/go/TrackConfirmAction_input?origTrackNum=${trackingNumber}`,
        method: 'GET',
      },
    ],
  };
  const label: Label = {
    trackingNumber,
    status: 'CREATED',
    amount: amount.toFixed(2),
    crid: owner.CRID!,
    created,
    mailingDate,
    manifested:
      piece.packageOptions?.immediateManifest === true ? created + 15 * 60_000 : manifestTime(mailingDate),
    idempotencyKey: key,
    request,
    metadata,
    drawing: {
      imageType: body.imageInfo.imageType,
      receiptOption: body.imageInfo.receiptOption,
      design: designOf(body, trackingNumber, price.mailClass, from, to, price.price.toFixed(2)),
      receipt: [
        trackingNumber,
        ...addressLines(to),
        `Postage $${price.price.toFixed(2)}`,
        ...[...price.fees, ...extraServices].map((each) => `${each.name} $${each.price.toFixed(2)}`),
        `Total $${amount.toFixed(2)}`,
      ],
    },
  };
  store.put('usps.label', trackingNumber, label);
  if (key !== undefined) {
    store.put('usps.idempotency', `${owner.CRID} ${key.toLowerCase()}`, { trackingNumber });
  }
  store.put<Parcel>('usps.parcel', trackingNumber, {
    trackingNumber,
    mid: owner.MID!,
    mailClass: price.mailClass,
    originZIP: from.ZIPCode,
    originCity: from.city.toUpperCase(),
    destinationZIP: to.ZIPCode,
    destinationCity: to.city.toUpperCase(),
    created,
    accepted: handover(created, mailingDate, from.ZIPCode),
    travelHours: price.mailClass === 'PRIORITY_MAIL_EXPRESS' ? 36 : 72,
    expectedDelivery: commitment?.date || undefined,
    announcedAs: piece.packageOptions?.generateGXEvent === false ? 'nothing' : 'GX',
  });
  return label;
}

async function answer(world: World, request: FastifyRequest, reply: FastifyReply, label: Label) {
  const images = await drawImages(label.drawing);
  if (label.idempotencyKey !== undefined) reply.header('X-Idempotency-Key', label.idempotencyKey);
  reply.code(world.switches.labelStatus);
  // `Accept: application/json` changes nothing but the metadata part, which is JSON already.
  if (request.headers.accept?.includes('application/vnd.usps.labels+json')) {
    return reply
      .type('application/vnd.usps.labels+json')
      .send(JSON.stringify(flatAnswer(label.metadata, images)));
  }
  const { type, body } = multipart(label.metadata, images);
  return reply.type(type).send(body);
}

/** 00:30 Central Time after the mailing date. */
function manifestTime(mailingDate: string): number {
  const next = new Date(Date.parse(`${mailingDate}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return momentAt(next, '00:30:00', 'America/Chicago');
}

const refuse = (code: string, detail: string) => businessError(version, code, detail, 'trackingNumber');

/** Cancelled without a charge until the manifest; afterwards a refund is asked for, whose outcome is not told. */
function cancel(world: World, owner: Role, label: Label | undefined) {
  const { clock, store, switches } = world;
  if (label === undefined || label.crid !== owner.CRID) throw refuse('160185', 'Order not found');
  if (label.status === 'CANCELED') throw refuse('160186', 'Order already canceled');
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  if (label.disputedOn === today) {
    throw refuse('160301', 'A refund request for this order has already been submitted today');
  }
  if (clock.now() < label.manifested) {
    store.put<Label>('usps.label', label.trackingNumber, { ...label, status: 'CANCELED' });
    // Its parcel is never handed over.
    const parcel = store.get<Parcel>('usps.parcel', label.trackingNumber);
    if (parcel !== undefined) {
      store.put<Parcel>('usps.parcel', label.trackingNumber, { ...parcel, accepted: undefined });
    }
    return { trackingNumber: label.trackingNumber, status: 'CANCELED' };
  }
  if (switches.cancelManifested === 'refuse') throw refuse('160184', 'Order cannot be canceled');
  // One dispute for each CRID and day.
  const disputeId = String(100_000 + Date.parse(today) / 86_400_000 + Number(label.crid.slice(-4)));
  store.put<Label>('usps.label', label.trackingNumber, {
    ...label,
    status: 'DISPUTED',
    disputeId,
    disputedOn: today,
  });
  return { trackingNumber: label.trackingNumber, status: 'DISPUTED', disputeId };
}

/** Serials of sold labels, far from those that tests choose. */
function nextSerial({ store }: World): number {
  const serial = (store.get<{ serial: number }>('usps.counter', 'label')?.serial ?? 5_000_000) + 1;
  store.put('usps.counter', 'label', { serial });
  return serial;
}

/** Three digits after the channel. Guess: of the many codes of a class, one. */
const serviceTypeCodes: Record<string, string> = {
  USPS_GROUND_ADVANTAGE: '001',
  PRIORITY_MAIL: '055',
  PRIORITY_MAIL_EXPRESS: '701',
  MEDIA_MAIL: '090',
  LIBRARY_MAIL: '092',
  BOUND_PRINTED_MATTER: '035',
  PARCEL_SELECT: '346',
};

function designOf(
  body: LabelRequest,
  trackingNumber: string,
  mailClass: string,
  from: LabelRequest['fromAddress'],
  to: LabelRequest['toAddress'],
  postage: string,
): LabelDesign {
  const { packageDescription: piece, imageInfo: image } = body;
  return {
    title: `${mailClass.startsWith('USPS') ? '' : 'USPS '}${mailClass.replaceAll('_', ' ')}`,
    from: addressLines(from),
    to: addressLines(to),
    trackingNumber,
    barcode: 'gs1-128',
    routing: to.ZIPCode,
    details: [
      `Weight ${piece.weight} lb`,
      ...(image.suppressMailDate ? [] : [`Mailed ${piece.mailingDate.slice(0, 10)}`]),
      ...(image.suppressPostage ? [] : [`Postage $${postage}`]),
      ...(image.packageNumber === undefined
        ? []
        : [`Package ${image.packageNumber} of ${image.totalPackages}`]),
      ...(piece.customerReference ?? [])
        .filter((each) => each.printReferenceNumber === true && each.referenceNumber !== undefined)
        .map((each) => `Ref ${each.referenceNumber}`),
    ],
  };
}

function addressLines(address: LabelRequest['toAddress']): string[] {
  const person = [address.firstName, address.lastName].filter(Boolean).join(' ');
  const zip = address.ZIPPlus4 ? `${address.ZIPCode}-${address.ZIPPlus4}` : address.ZIPCode;
  const lines = [person, address.firm, address.streetAddress, address.secondaryAddress];
  return [
    ...lines.filter((line) => line !== undefined && line !== ''),
    `${address.city} ${address.state} ${zip}`,
  ] as string[];
}
