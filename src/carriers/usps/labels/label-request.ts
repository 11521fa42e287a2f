import type { Address } from '../../../domain/address.ts';
import type { Customs } from '../../../domain/customs.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { LabelFormat } from '../../../domain/shipment.ts';
import type { LabelRequest } from '../../adapter.ts';
import { customsOf, toCustomsForm } from './customs.ts';
import { requireRoom, shortName, toForeignAddress, toLabelAddress } from './label-address.ts';
import { ticketSchema, type UspsTicket } from '../rates/shipping-options.ts';
import { toMeasures } from '../rates/packaging.ts';
import { atHome, directionOf, type Direction } from '../rates/direction.ts';

/** What is posted for one parcel, and which way it goes. */
export interface UspsLabelRequest {
  readonly way: Direction;
  readonly json: object;
}

/** One for each parcel; throws what can be judged before a call. */
export function toLabelRequests(order: LabelRequest): UspsLabelRequest[] {
  const from = atHome(order.from);
  const to = atHome(order.to);
  const { parcels, options } = order.request;
  const way = directionOf({ from, to, options });
  const customs = customsOf(from, to, order.request.customs);
  if (customs && order.format === 'PNG') {
    throw new ProviderError('REJECTED', 'USPS prints customs forms as PDF or ZPL', {
      field: ['label', 'format'],
      hint: 'Ask for the label as PDF or ZPL.',
    });
  }
  requireRoom(to, 'to');
  requireRoom(from, 'from');
  const ticket = ticketSchema.parse(order.offer.providerRef);
  const make = makers[way];
  return parcels.map((_, position) => ({ way, json: make({ order, from, to, customs, ticket, position }) }));
}

interface Piece {
  readonly order: LabelRequest;
  readonly from: Address;
  readonly to: Address;
  readonly customs: Customs | undefined;
  readonly ticket: UspsTicket;
  readonly position: number;
}

const makers: Readonly<Record<Direction, (piece: Piece) => object>> = {
  outbound: toOutboundRequest,
  return: toReturnRequest,
  international: toInternationalRequest,
};

function toOutboundRequest(piece: Piece) {
  const { order } = piece;
  return {
    imageInfo: { ...toImage(order.format), receiptOption: 'NONE' },
    toAddress: toLabelAddress(piece.to),
    ...senderAndForm(piece, 'outbound'),
    packageDescription: {
      ...toPiece(piece),
      ...toOptions(piece),
      destinationEntryFacilityType: 'NONE',
      mailingDate: order.request.shipDate,
      customerReference: toReference(order.reference, { printReferenceNumber: true }),
    },
  };
}

/** It has no mailing date: it is used when the customer gets to it, and costs nothing before. */
function toReturnRequest(piece: Piece) {
  const { order } = piece;
  return {
    imageInfo: { ...toImage(order.format), receiptOption: 'NONE' },
    toAddress: toLabelAddress(piece.to),
    ...senderAndForm(piece, 'return'),
    packageDescription: {
      ...toPiece(piece),
      ...toOptions(piece),
      customerReference: toReference(order.reference, { printReferenceNumber: true }),
    },
  };
}

function toInternationalRequest(piece: Piece) {
  const { order, ticket, position } = piece;
  return {
    imageInfo: toImage(order.format),
    toAddress: toForeignAddress(piece.to),
    ...senderAndForm(piece, 'international'),
    packageDescription: {
      ...toPiece(piece),
      ...toOptions(piece),
      // The rate's own, so that its price is applied (International Prices 3.3.11).
      destinationEntryFacilityType: ticket.parcels[position]!.destinationEntryFacilityType,
      mailingDate: order.request.shipDate,
      customerReference: toReference(order.reference, {}),
    },
  };
}

/** The printers' language comes in two resolutions; most label printers have this one. */
export const imageTypes: Readonly<Record<LabelFormat, string>> = { PDF: 'PDF', PNG: 'PNG', ZPL: 'ZPL203DPI' };

const toImage = (format: LabelFormat) => ({ imageType: imageTypes[format], labelType: '4X6LABEL' });

/** A form wants the sender's firm (160023); who has none is their own. */
function senderAndForm({ order, from, customs, position }: Piece, way: Direction) {
  const fromAddress = toLabelAddress(from);
  if (!customs) return { fromAddress };
  const { weight } = toMeasures(order.request.parcels[position]!, position);
  return {
    fromAddress: { ...fromAddress, firm: fromAddress.firm ?? shortName(from.name) },
    customsForm: toCustomsForm(customs, way, weight),
  };
}

function toPiece({ order, ticket, position }: Piece) {
  const { mailClass, extraServices } = ticket;
  const { processingCategory, rateIndicator } = ticket.parcels[position]!;
  return {
    ...toMeasures(order.request.parcels[position]!, position),
    weightUOM: 'lb',
    dimensionsUOM: 'in',
    mailClass,
    processingCategory,
    rateIndicator,
    extraServices,
  };
}

function toOptions({ ticket: { packageValue }, customs }: Piece) {
  const nonDeliveryOption = customs && (customs.nonDelivery ?? 'RETURN');
  return packageValue === undefined && !nonDeliveryOption
    ? {}
    : { packageOptions: { packageValue, nonDeliveryOption } };
}

const toReference = <T extends object>(reference: string | undefined, more: T) =>
  reference ? [{ referenceNumber: reference.slice(0, 30), ...more }] : undefined;
