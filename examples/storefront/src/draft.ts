import type { AddressInput, LengthUnit, RatesInput, WeightUnit } from './generated/graphql.ts';
import { sender } from './shop.ts';

/** The fields of the form, as they are typed. */
export interface Draft {
  readonly name: string;
  readonly phone: string;
  readonly street1: string;
  readonly street2: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly weight: string;
  readonly weightUnit: WeightUnit;
  readonly length: string;
  readonly width: string;
  readonly height: string;
  readonly lengthUnit: LengthUnit;
}

export type ParcelDraft = Pick<Draft, 'weight' | 'weightUnit' | 'length' | 'width' | 'height' | 'lengthUnit'>;

export const presets: Readonly<Record<string, ParcelDraft>> = {
  Mailer: {
    weight: '8',
    weightUnit: 'OUNCE',
    length: '11',
    width: '9',
    height: '1',
    lengthUnit: 'INCH',
  },
  'Small box': {
    weight: '20',
    weightUnit: 'OUNCE',
    length: '10',
    width: '8',
    height: '4',
    lengthUnit: 'INCH',
  },
  'Large box': {
    weight: '10',
    weightUnit: 'POUND',
    length: '16',
    width: '12',
    height: '10',
    lengthUnit: 'INCH',
  },
};

export const emptyDraft: Draft = {
  name: '',
  phone: '',
  street1: '',
  street2: '',
  city: '',
  state: '',
  postalCode: '',
  ...presets['Small box']!,
};

/** An address that the postal service writes differently. */
export const exampleDraft: Draft = {
  name: 'Rita Receiver',
  phone: '415-555-0100',
  street1: '388 Townsend',
  street2: 'Apt 20',
  city: 'San Fransisco',
  state: 'CA',
  postalCode: '94107',
  ...presets['Small box']!,
};

const optional = (text: string) => text.trim() || undefined;

/** Returns the place that is verified, without the person there. */
export const toPlace = ({ street1, street2, city, state, postalCode }: Draft): AddressInput => ({
  street1: optional(street1),
  street2: optional(street2),
  city: optional(city),
  state: optional(state),
  postalCode: optional(postalCode),
  country: 'US',
});

export const toRatesInput = (draft: Draft): RatesInput => ({
  from: sender,
  to: { ...toPlace(draft), name: optional(draft.name), phone: optional(draft.phone) },
  parcels: [
    {
      weight: { value: Number(draft.weight), unit: draft.weightUnit },
      dimensions: {
        length: Number(draft.length),
        width: Number(draft.width),
        height: Number(draft.height),
        unit: draft.lengthUnit,
      },
    },
  ],
});
