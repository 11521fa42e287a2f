import { readParcel } from '../shipments/contents.ts';
import { isBlank, isFields, missing, ok, unwrap, wrongType, type On } from '../http.ts';
import { accountsOf, rate, readOptions } from './rates.ts';
import type { EasyPostState } from '../state.ts';

/** Prices without a shipment: nothing is stored, nothing has an id, nothing can be bought. */
export function betaRates(world: EasyPostState, on: On) {
  on('POST', '/beta/rates', ({ caller, body }) => {
    const fields = unwrap(body, 'shipment');
    for (const field of ['to_address', 'from_address', 'parcel']) {
      if (isBlank(fields[field])) throw missing(field);
    }
    const place = (field: string) => {
      const given = fields[field];
      if (!isFields(given)) throw wrongType(field, 'an object');
      const { name, company, street1, street2, city, state, zip, country, phone, email } = given;
      const text = (value: unknown) => (isBlank(value) ? null : String(value));
      return {
        name: text(name),
        company: text(company),
        street1: text(street1),
        street2: text(street2),
        city: text(city),
        state: text(state),
        zip: text(zip),
        country: text(country) ?? 'US',
        phone: text(phone),
        email: text(email),
      };
    };
    const [to, from] = [place('to_address'), place('from_address')];
    if (!isFields(fields.parcel)) throw wrongType('parcel', 'an object');
    const parcel = readParcel(fields.parcel);
    const options = readOptions(fields.options);
    const { quotes, messages } = rate({
      to,
      from,
      parcel,
      options,
      accounts: accountsOf(world, fields),
      now: world.clock.now(),
      surcharge: world.surcharge,
      failing: world.failing,
    });
    return ok({
      from_address: { object: 'Address', ...known(from) },
      to_address: { object: 'Address', ...known(to) },
      parcel: { object: 'Parcel', ...known(parcel) },
      options,
      rates: quotes.map((each) => ({ object: 'Rate', mode: caller.mode, ...each })),
      messages,
    });
  });
}

const known = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
