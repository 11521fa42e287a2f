import { unprocessable, wrongType } from '../api-error.ts';
import { commonFields, openCollection, type Entry } from '../collection.ts';
import { idOf, isFields, numberOf, textOf, unwrap, type Fields } from '../fields.ts';
import { created, ok, type Api } from '../http.ts';
import type { EasyPostState, Owner } from '../state.ts';

export interface Parcel {
  length: number | null;
  width: number | null;
  height: number | null;
  predefined_package: string | null;
  /** In ounces. */
  weight: number;
}

/** The stored parcels of all users. */
export interface Parcels {
  add(owner: Owner, parcel: Parcel): Entry<Parcel>;
  /** Returns the parcel with the given id, or adds the parcel given in full. */
  findOrAdd(owner: Owner, value: unknown): Entry<Parcel>;
  get(owner: Owner, id: string): Entry<Parcel>;
}

export function createParcels(state: EasyPostState): Parcels {
  const { add, get } = openCollection<Parcel>(state, 'parcel', 'prcl');
  return {
    add,
    get,
    findOrAdd(owner, value) {
      const id = idOf(value);
      if (id !== undefined) return get(owner, id);
      if (!isFields(value)) throw wrongType('parcel', 'an object');
      return add(owner, readParcel(value));
    },
  };
}

export function addParcelRoutes({ addRoute }: Api, parcels: Parcels) {
  addRoute('POST', '/v2/parcels', ({ caller, body }) =>
    created(renderParcel(parcels.add(caller, readParcel(unwrap(body, 'parcel')))), 'parcels'),
  );
  addRoute('GET', '/v2/parcels/:id', ({ caller, id }) => ok(renderParcel(parcels.get(caller, id))));
}

export const renderParcel = (entry: Entry<Parcel>) => ({ ...commonFields('Parcel', entry), ...entry.body });

/** Reads a parcel in ounces and inches, rounded to a tenth. Guess: the code is documented, its conditions are not. */
export function readParcel(fields: Fields): Parcel {
  const measure = (name: string) => {
    const value = numberOf(fields, name);
    if (value !== null && value <= 0) throw invalidParcel(name, 'must be greater than 0');
    return value === null ? null : Math.max(0.1, Math.round(value * 10) / 10);
  };
  const weight = measure('weight');
  if (weight === null) throw invalidParcel('weight', 'cannot be blank');
  return {
    length: measure('length'),
    width: measure('width'),
    height: measure('height'),
    predefined_package: textOf(fields, 'predefined_package') || null,
    weight,
  };
}

const invalidParcel = (field: string, message: string) =>
  unprocessable('PARCEL.PARAMETERS.INVALID', 'Wrong or missing parcel parameters.', [{ field, message }]);
