import type { Address } from '../../../domain/address.ts';
import {
  crossesCustoms,
  requireExportFiling,
  type Customs,
  type CustomsContents,
  type CustomsItem,
  type TaxId,
} from '../../../domain/customs.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { weightIn } from '../../../domain/measure.ts';
import type { RateRequest } from '../../../domain/rate.ts';

/** EasyPost's `contents_type` of each kind of contents, with an explanation for kinds that EasyPost lacks. */
const contentsTypes: Record<CustomsContents, readonly [type: string, explanation?: string]> = {
  MERCHANDISE: ['merchandise'],
  GIFT: ['gift'],
  DOCUMENTS: ['documents'],
  SAMPLE: ['sample'],
  RETURNED_GOODS: ['returned_goods'],
  HUMANITARIAN_DONATION: ['other', 'Humanitarian donation'],
  DANGEROUS_GOODS: ['other', 'Dangerous goods'],
  OTHER: ['other'],
};

/** Exemption code for goods whose export needs no filing. */
const lowValueExemption = 'NOEEI 30.37(a)';
const explanationMaxLength = 255;

/** Builds the customs form, which the buyer of the label certifies. */
export function toCustomsInfo(customs: Customs, sender: Address) {
  const [type, explanation] = contentsTypes[customs.contents];
  return {
    contents_type: type,
    contents_explanation: (customs.explanation || explanation)?.slice(0, explanationMaxLength),
    customs_certify: true,
    customs_signer: customs.signer || sender.name || sender.company || undefined,
    eel_pfc: customs.eelPfc || toExemption(customs, sender),
    non_delivery_option: customs.nonDelivery === 'ABANDON' ? 'abandon' : 'return',
    restriction_type: 'none',
    customs_items: customs.items.map(toCustomsItem),
  };
}

/**
 * EasyPost's `incoterm`. It knows no DDU, which the Incoterms of 2010 replaced by DAP: any but DDP leaves the duties to the
 * receiver (docs.easypost.com/docs/shipments/options).
 */
export const toIncoterm = ({ incoterm }: Customs) => (incoterm === 'DDU' ? 'DAP' : (incoterm ?? undefined));

/** Tax ids of both sides. Guess: OTHER, which EasyPost does not list, is passed on to the carrier. */
export function toTaxIdentifiers({ senderTaxIds, receiverTaxIds }: Customs) {
  const of = (entity: 'SENDER' | 'RECEIVER', taxIds: readonly TaxId[] | null | undefined) =>
    (taxIds ?? []).map(({ type, number, issuingCountry }) => ({
      entity,
      tax_id: number,
      tax_id_type: type,
      issuing_country: issuingCountry ?? undefined,
    }));
  const identifiers = [...of('SENDER', senderTaxIds), ...of('RECEIVER', receiverTaxIds)];
  return identifiers.length > 0 ? identifiers : undefined;
}

/** Declares the exemption in the sender's name, and throws where it does not apply. */
function toExemption(customs: Customs, { country }: Address): string {
  if (country === 'US') requireExportFiling(customs);
  return lowValueExemption;
}

/** Value and weight are totals of the line, as ours are. */
function toCustomsItem(item: CustomsItem) {
  return {
    description: item.description,
    quantity: item.quantity,
    value: Number(item.totalValue.amount),
    currency: item.totalValue.currencyCode,
    // More precise than the parcel's tenth of an ounce, so that rounded lines do not outweigh the parcel.
    weight: weightIn(item.totalWeight, 'OUNCE', '0.001'),
    hs_tariff_number: item.hsTariffNumber?.replaceAll('.', '') || undefined,
    origin_country: item.originCountry,
  };
}

/** Throws for a label across a customs border without a customs form. A quote needs none. */
export function requireCustoms({ from, to, customs, parcels }: RateRequest): void {
  if (customs || !crossesCustoms(from, to)) return;
  throw new ProviderError(
    'REJECTED',
    'EasyPost sells no label across a customs border without a customs form',
    {
      field: ['customs'],
      hint:
        parcels.length === 1
          ? 'Ask for rates with `customs`, then buy that rate.'
          : 'Ask for rates of each parcel alone, with its `customs`, then buy those.',
    },
  );
}
