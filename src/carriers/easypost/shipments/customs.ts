import type { Address } from '../../../domain/address.ts';
import {
  crossesCustoms,
  requireExportFiling,
  type Customs,
  type CustomsContents,
  type CustomsItem,
} from '../../../domain/customs.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { weightIn } from '../../../domain/measure.ts';
import type { RateRequest } from '../../../domain/rate.ts';

/** Our words for what a parcel holds, and EasyPost's, which knows fewer: what it lacks is explained. */
const contents: Record<CustomsContents, readonly [type: string, explanation?: string]> = {
  MERCHANDISE: ['merchandise'],
  GIFT: ['gift'],
  DOCUMENTS: ['documents'],
  SAMPLE: ['sample'],
  RETURNED_GOODS: ['returned_goods'],
  HUMANITARIAN_DONATION: ['other', 'Humanitarian donation'],
  DANGEROUS_GOODS: ['other', 'Dangerous goods'],
  OTHER: ['other'],
};

/** Of what is not filed. */
const smallValue = 'NOEEI 30.37(a)';
const explanationLimit = 255;

/** The customs form; who buys the label vouches for it. */
export function toCustoms(customs: Customs, sender: Address) {
  const [type, explanation] = contents[customs.contents];
  return {
    contents_type: type,
    contents_explanation: (customs.explanation || explanation)?.slice(0, explanationLimit),
    customs_certify: true,
    customs_signer: customs.signer || sender.name || sender.company || undefined,
    eel_pfc: customs.eelPfc || exemption(customs, sender),
    non_delivery_option: customs.nonDelivery === 'ABANDON' ? 'abandon' : 'return',
    restriction_type: 'none',
    customs_items: customs.items.map(toItem),
  };
}

/** Said in the sender's name, so not where it would be false. */
function exemption(customs: Customs, { country }: Address): string {
  if (country === 'US') requireExportFiling(customs);
  return smallValue;
}

/** Value and weight are of the whole line there too. */
function toItem(item: CustomsItem) {
  return {
    description: item.description,
    quantity: item.quantity,
    value: Number(item.totalValue.amount),
    currency: item.totalValue.currencyCode,
    // Finer than the tenth of a parcel, so that rounded lines do not outweigh it.
    weight: weightIn(item.totalWeight, 'OUNCE', '0.001'),
    hs_tariff_number: item.hsTariffNumber?.replaceAll('.', '') || undefined,
    origin_country: item.originCountry,
  };
}

/** A price needs no form, a label across a border does: said before a shipment is made for nothing. */
export function refuseUndeclared({ from, to, customs, parcels }: RateRequest): void {
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
