import { missingParameter, wrongType } from '../api-error.ts';
import { isBlank, isFields, unwrap, type Fields } from '../fields.ts';
import { ok, type Api } from '../http.ts';
import { readParcel } from '../shipments/parcels.ts';
import { quoteRates, readOptions, selectAccounts } from './rates.ts';

/** Stateless rates: nothing is stored, nothing has an id, and no rate can be purchased. */
export function addBetaRateRoutes({ state, addRoute }: Api) {
  addRoute('POST', '/beta/rates', ({ caller, body }) => {
    const fields = unwrap(body, 'shipment');
    for (const field of ['to_address', 'from_address', 'parcel']) {
      if (isBlank(fields[field])) throw missingParameter(field);
    }
    const [to, from] = [readAddress(fields, 'to_address'), readAddress(fields, 'from_address')];
    if (!isFields(fields.parcel)) throw wrongType('parcel', 'an object');
    const parcel = readParcel(fields.parcel);
    const options = readOptions(fields.options);
    const accounts = selectAccounts(state, fields);
    const { quotes, messages } = quoteRates(state, { to, from, parcel, options, accounts });
    return ok({
      from_address: { object: 'Address', ...withoutNulls(from) },
      to_address: { object: 'Address', ...withoutNulls(to) },
      parcel: { object: 'Parcel', ...withoutNulls(parcel) },
      options,
      rates: quotes.map((quote) => ({ object: 'Rate', mode: caller.mode, ...quote })),
      messages,
    });
  });
}

function readAddress(fields: Fields, field: string) {
  const value = fields[field];
  if (!isFields(value)) throw wrongType(field, 'an object');
  const text = (name: string) => (isBlank(value[name]) ? null : String(value[name]));
  return {
    name: text('name'),
    company: text('company'),
    street1: text('street1'),
    street2: text('street2'),
    city: text('city'),
    state: text('state'),
    zip: text('zip'),
    country: text('country') ?? 'US',
    phone: text('phone'),
    email: text('email'),
  };
}

const withoutNulls = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
