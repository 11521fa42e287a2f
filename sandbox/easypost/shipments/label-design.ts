import { Big } from 'big.js';
import { grouped } from '../../printing/number-groups.ts';
import type { FormDesign } from '../../printing/forms.ts';
import type { LabelDesign } from '../../printing/label.ts';
import type { Address } from '../addresses/addresses.ts';
import { serviceTitle } from '../carriers/service-titles.ts';
import { isTruthy, textOf, type Fields } from '../fields.ts';
import type { CustomsForm } from './customs.ts';
import type { Parcel } from './parcels.ts';
import type { Rate, Shipment } from './shipment.ts';

/** What is printed of a shipment whose label is purchased. */
export interface PrintedShipment {
  shipment: Shipment;
  rate: Rate;
  code: string;
  insured: string | null;
  /** The label's date. */
  date: string;
  sender: Address;
  receiver: Address;
  parcel: Parcel;
  /** Null for a parcel that passes no customs. */
  customs: CustomsForm | null;
}

const signatures: Record<string, string> = {
  SIGNATURE: 'SIGNATURE REQUIRED',
  INDIRECT_SIGNATURE: 'INDIRECT SIGNATURE REQUIRED',
  ADULT_SIGNATURE: 'ADULT SIGNATURE REQUIRED',
  ADULT_SIGNATURE_RESTRICTED: 'ADULT SIGNATURE, RESTRICTED DELIVERY',
  SIGNATURE_RESTRICTED: 'SIGNATURE, RESTRICTED DELIVERY',
};

export function labelDesign(printed: PrintedShipment): LabelDesign {
  const { shipment, rate, code, insured, date, sender, receiver, parcel, customs } = printed;
  const { options, reference, piece } = shipment;
  const zip = receiver.zip?.slice(0, 5);
  const signature = signatures[textOf(options, 'delivery_confirmation') ?? ''];
  const isUspsBarcode = rate.carrier === 'USPS' && /^9\d{21}$/.test(code);
  return {
    title: serviceTitle(rate.carrier, rate.service).toUpperCase(),
    from: addressLines(sender),
    to: addressLines(receiver),
    trackingNumber: code,
    piece: piece ?? undefined,
    banner: [
      ...(signature === undefined ? [] : [signature]),
      ...(isTruthy(options.saturday_delivery) ? ['SATURDAY DELIVERY'] : []),
      ...(insured === null ? [] : [`INSURED $${insured}`]),
    ],
    details: [
      `Weight ${parcel.weight} oz`,
      `Ship date ${date.slice(0, 10)}`,
      ...(reference === null ? [] : [`Reference ${reference}`]),
      ...['print_custom_1', 'print_custom_2', 'print_custom_3'].flatMap(
        (name) => textOf(options, name) || [],
      ),
    ],
    ...(customs !== null && { customs: customsLines(customs) }),
    ...(isUspsBarcode && { barcode: 'gs1-128' as const, ...(zip && { routing: zip }) }),
  };
}

const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));

const customsLineLimit = 4;

/** The lines of a declaration that a label has room for, with the count of the others. */
function customsLines({ form, items }: CustomsForm): string[] {
  const shown = items.slice(0, customsLineLimit).map((item) => {
    const { quantity, description, hs_tariff_number: code, origin_country: origin } = item;
    return [quantity, description, code, origin, `$${text(item.value)}`].map(text).filter(Boolean).join(' ');
  });
  const rest = items.length > customsLineLimit ? [`and ${items.length - customsLineLimit} more lines`] : [];
  return [text(form.contents_type).toUpperCase(), ...shown, ...rest, `Total $${totalOf(items)}`].filter(
    Boolean,
  );
}

const totalOf = (items: readonly Fields[]) =>
  items.reduce((sum, { value }) => sum.plus(text(value) || '0'), new Big(0)).toFixed(2);

/** The invoice that customs of the destination read. A value is that of the whole line. */
export function invoiceDesign(printed: PrintedShipment): FormDesign {
  const { shipment, rate, code, date, sender, receiver, parcel, customs } = printed;
  const { form, items }: CustomsForm = customs ?? { form: {}, items: [] };
  const currency = text(items[0]?.currency) || text(shipment.options.currency) || 'USD';
  const incoterm = textOf(shipment.options, 'incoterm');
  return {
    title: 'COMMERCIAL INVOICE',
    blocks: [
      { heading: 'SHIPPER / EXPORTER', lines: partyLines(sender) },
      { heading: 'RECEIVER / CONSIGNEE', lines: partyLines(receiver) },
      {
        heading: 'INVOICE',
        lines: [
          `No. ${textOf(shipment.options, 'invoice_number') || shipment.reference || code}`,
          `Date ${date.slice(0, 10)}`,
          serviceTitle(rate.carrier, rate.service),
          `Tracking ${grouped(code)}`,
          `Reason for export: ${text(form.contents_type) || 'merchandise'}`,
          ...(incoterm ? [`Terms of sale: ${incoterm}`] : []),
          ...(form.eel_pfc ? [`EEL/PFC: ${text(form.eel_pfc)}`] : []),
        ],
      },
    ],
    table: {
      columns: [
        { heading: 'Qty', share: 1, align: 'right' },
        { heading: 'Description', share: 5 },
        { heading: 'HS code', share: 2 },
        { heading: 'Origin', share: 1 },
        { heading: 'Weight oz', share: 1.5, align: 'right' },
        { heading: `Value ${currency}`, share: 2, align: 'right' },
      ],
      rows: items.map((item) =>
        [
          item.quantity,
          item.description,
          item.hs_tariff_number,
          item.origin_country,
          item.weight,
          item.value,
        ].map(text),
      ),
    },
    totals: [
      `Total value ${totalOf(items)} ${currency}`,
      `Packages ${shipment.piece?.total ?? 1}   Gross weight ${parcel.weight} oz`,
    ],
    declaration: {
      lines: [
        'I declare that all information in this invoice is true and correct.',
        ...(form.declaration ? [text(form.declaration)] : []),
        `Not delivered: ${text(form.non_delivery_option) || 'return'}.`,
      ],
      signer: text(form.customs_signer) || sender.name || sender.company || '',
    },
  };
}

const partyLines = (address: Address) => [
  ...addressLines(address),
  ...(address.phone ? [`Phone ${address.phone}`] : []),
  ...(address.federal_tax_id ? [`Tax id ${address.federal_tax_id}`] : []),
];

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** The lines of an address. A company that repeats the name is printed once. */
export function addressLines(address: Address): string[] {
  const { name, company, street1, street2, city, state, zip, country } = address;
  const isRepeated = company?.toUpperCase() === name?.toUpperCase();
  const cityLine = [city, state, zip].filter(Boolean).join(' ');
  const lines = [name, isRepeated ? null : company, street1, street2, cityLine, countryLine(country)];
  return lines.filter((line) => !!line) as string[];
}

/** The name of another country. A code that is none is printed as it is. */
function countryLine(country: string | null): string | null {
  if (country === null || country === 'US') return null;
  return /^[A-Z]{2}$/i.test(country) ? countryNames.of(country.toUpperCase())!.toUpperCase() : country;
}
