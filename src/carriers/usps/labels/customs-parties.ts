import type { Customs, TaxId } from '../../../domain/customs.ts';
import { ProviderError } from '../../../domain/errors.ts';
import type { Direction } from '../rates/direction.ts';

/** Guess: USPS defines none of its types; an IOSS number is one of value-added tax, an EORI number one of an importer. */
const referenceTypes: Readonly<Record<TaxId['type'], string>> = {
  EIN: 'TAX_CODE',
  VAT: 'VAT_NUMBER',
  IOSS: 'VAT_NUMBER',
  EORI: 'IMPORTER_CODE',
  OTHER: 'TAX_CODE',
};

/** Tax ids of both sides, and who pays duties, as fields of the customs form and of the parcel. */
export interface CustomsParties {
  readonly form: { readonly exportersReference?: unknown; readonly importersReference?: unknown };
  readonly parcel: { readonly prepayDutiesTaxesFees?: boolean };
}

/**
 * Maps tax ids and the incoterm. Throws REJECTED for what USPS has no field for: a second tax id of one side, a longer
 * number, and prepaid duties of a domestic parcel. The country that issued a tax id is not sent: the number stands alone.
 */
export function toCustomsParties(customs: Customs, direction: Direction): CustomsParties {
  const isInternational = direction === 'international';
  const toReference = (side: 'senderTaxIds' | 'receiverTaxIds') => {
    const [taxId, second] = customs[side] ?? [];
    if (taxId === undefined) return undefined;
    if (second) {
      throw refusal('USPS has room for one tax id of each side', [side, '1'], 'Give the one that customs there ask for.'); // prettier-ignore
    }
    const maxLength = isInternational ? 28 : 40;
    if (taxId.number.length > maxLength) {
      throw refusal(`USPS accepts up to ${maxLength} characters`, [side, '0', 'number'], 'Give the number alone, without spaces.'); // prettier-ignore
    }
    return isInternational
      ? { referenceType: referenceTypes[taxId.type], reference: taxId.number }
      : taxId.number;
  };
  const prepaid = customs.incoterm === 'DDP';
  if (prepaid && !isInternational) {
    throw refusal('USPS takes no prepaid duties within the United States', ['incoterm'], 'Omit it, or set DAP.'); // prettier-ignore
  }
  return {
    form: {
      exportersReference: toReference('senderTaxIds'),
      importersReference: toReference('receiverTaxIds'),
    },
    // DAP and DDU both leave the duties to the receiver.
    parcel: isInternational && customs.incoterm ? { prepayDutiesTaxesFees: prepaid } : {},
  };
}

const refusal = (message: string, field: readonly string[], hint: string) =>
  new ProviderError('REJECTED', message, { field: ['customs', ...field], hint });
