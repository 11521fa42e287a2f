import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  addressChanges,
  addressErrors,
  normalizeAddress,
  type Address,
  type AddressUse,
} from '../../src/domain/address.ts';
import { contactErrors, labelErrors, withContact } from '../../src/domain/shipment.ts';
import { receiver, sender } from '../support/test-server.ts';

const faults = (address: Address, need: AddressUse = 'label') =>
  addressErrors(address, need, ['to']).map(({ code, field }) => `${code} ${field.join('.')}`);

describe('a tidied address', () => {
  it('has no blanks around or doubled, no empty parts, and its state in capitals', () => {
    const typed = {
      name: '  Rita   Receiver ',
      street2: ' ',
      city: null,
      state: 'ca',
      country: 'US',
      residential: false,
    };
    expect(normalizeAddress(typed)).toEqual({
      name: 'Rita Receiver',
      state: 'CA',
      country: 'US',
      residential: false,
    });
  });

  it('keeps a province that is written out as it is', () => {
    expect(normalizeAddress({ state: 'Noord-Holland' })).toEqual({ state: 'Noord-Holland' });
  });

  it('has all nine digits of a ZIP code as they are printed', () => {
    for (const postalCode of ['94107 1234', '941071234', ' 94107-1234 ']) {
      expect(normalizeAddress({ postalCode, country: 'US' }).postalCode).toBe('94107-1234');
    }
    expect(normalizeAddress({ postalCode: '94107 1234', country: 'GB' }).postalCode).toBe('94107 1234');
  });

  it('is tidy already', () => {
    const text = fc.option(fc.string({ unit: fc.constantFrom(' ', '\t', '\n', 'a', 'B', '1') }));
    const addresses = fc.record({ name: text, street1: text, city: text, state: text, postalCode: text });
    fc.assert(
      fc.property(
        addresses,
        (address) =>
          void expect(normalizeAddress(normalizeAddress(address))).toEqual(normalizeAddress(address)),
      ),
    );
  });
});

describe('an address is enough', () => {
  it('to be rated by country and postal code alone', () => {
    expect(faults({ country: 'US', postalCode: '94107' }, 'quote')).toEqual([]);
    expect(faults({ country: 'US' }, 'quote')).toEqual(['REQUIRED to.postalCode']);
  });

  it('to be rated without a postal code in a country that may have none', () => {
    expect(faults({ country: 'IE', city: 'Dublin' }, 'quote')).toEqual([]);
  });

  it('to be verified with a street, and either postal code or city and state', () => {
    const street = { country: 'US', street1: '388 Townsend St' };
    expect(faults({ ...street, postalCode: '94107' }, 'verify')).toEqual([]);
    expect(faults({ ...street, city: 'San Francisco', state: 'CA' }, 'verify')).toEqual([]);
    expect(faults({ ...street, city: 'San Francisco' }, 'verify')).toEqual(['REQUIRED to.postalCode']);
    expect(faults({ country: 'US', postalCode: '94107' }, 'verify')).toEqual(['REQUIRED to.street1']);
  });

  it('for a label with a name or a company, street, city, and in the US a state; all that lacks is said at once', () => {
    expect(faults(receiver)).toEqual([]);
    expect(faults({ ...receiver, name: undefined, company: 'Acme' })).toEqual([]);
    expect(faults({ country: 'US', postalCode: '94107' })).toEqual([
      'REQUIRED to.name',
      'REQUIRED to.street1',
      'REQUIRED to.city',
      'REQUIRED to.state',
    ]);
    expect(
      faults({
        country: 'DE',
        postalCode: '10115',
        name: 'Rita',
        street1: 'Invalidenstr. 1',
        city: 'Berlin',
      }),
    ).toEqual([]);
  });
});

describe('a postal code', () => {
  const cases: Record<string, { right: string[]; wrong: string[] }> = {
    US: {
      right: ['94107', '94107-1234', '941071234', '94107 1234'],
      wrong: ['9410', '941077', '94107-12', 'K1A 0B1', '9410a', '94107\n'],
    },
    CA: { right: ['K1A 0B1', 'k1a0b1'], wrong: ['D1A 0B1', 'K1A-0B1', 'K1A0B', '94107'] },
    GB: {
      right: ['SW1A 1AA', 'm11ae', 'B33 8TH', 'CR2 6XH', 'DN55 1PT'],
      wrong: ['SW1A', 'SW1A 1A', '12345'],
    },
    DE: { right: ['10115'], wrong: ['1011', 'D-10115'] },
    NL: { right: ['1012 AB', '1012ab'], wrong: ['1012', 'AB 1012'] },
    JP: { right: ['100-0001', '1000001'], wrong: ['100-001'] },
    AU: { right: ['2000'], wrong: ['20000'] },
  };

  for (const [country, { right, wrong }] of Object.entries(cases)) {
    it(`of ${country} is told from what can't be one`, () => {
      for (const postalCode of right)
        expect(faults({ country, postalCode }, 'quote'), postalCode).toEqual([]);
      for (const postalCode of wrong) {
        expect(faults({ country, postalCode }, 'quote'), postalCode).toEqual(['INVALID to.postalCode']);
      }
    });
  }

  it('is shown how it would look', () => {
    const [error] = addressErrors({ country: 'CA', postalCode: '94107' }, 'quote', []);
    expect(error!.message).toBe('is not a postal code of CA; one looks like K1A 0B1');
  });

  it('of any other country is only asked to be no essay', () => {
    expect(faults({ country: 'BR', postalCode: '01310-100' }, 'quote')).toEqual([]);
    expect(faults({ country: 'BR', postalCode: '01310-100-01310' }, 'quote')).toEqual([
      'INVALID to.postalCode',
    ]);
  });
});

describe('a state', () => {
  it('of the US is a two-letter code, of territories, freely associated states and the military too', () => {
    for (const state of ['CA', 'DC', 'PR', 'GU', 'AE', 'PW'])
      expect(faults({ ...receiver, state }), state).toEqual([]);
    for (const state of ['XX', 'California', 'ca']) {
      expect(faults({ ...receiver, state }), state).toEqual(['INVALID to.state']);
    }
  });

  it('elsewhere is the business of elsewhere', () => {
    expect(faults({ country: 'AU', postalCode: '2000', state: 'NSW' }, 'quote')).toEqual([]);
  });
});

it('no part of an address is a novel', () => {
  expect(faults({ ...receiver, street2: 'x'.repeat(200) })).toEqual([]);
  expect(faults({ ...receiver, street2: 'x'.repeat(201) })).toEqual(['INVALID to.street2']);
});

describe('what a verification changed', () => {
  const asked = {
    street1: '388 Townsend St',
    street2: null,
    city: 'san francisco',
    postalCode: '94107',
    country: 'US',
  };

  it('is listed in the order in which a person writes an address', () => {
    const found = {
      street1: '388 TOWNSEND ST',
      street2: 'APT 20',
      city: 'SAN FRANCISCO',
      state: 'CA',
      postalCode: '94107-1234',
      country: 'US',
    };
    expect(addressChanges(asked, found)).toEqual([
      { field: 'street2', from: null, to: 'APT 20' },
      { field: 'state', from: null, to: 'CA' },
      { field: 'postalCode', from: '94107', to: '94107-1234' },
    ]);
  });

  it('is not a matter of case, nor of who lives there', () => {
    const found = { ...asked, city: 'SAN FRANCISCO', name: 'SOMEBODY ELSE', phone: '1', residential: true };
    expect(addressChanges(asked, found)).toEqual([]);
  });

  it('is not a company that the provider left out, but one that it corrected', () => {
    expect(addressChanges({ ...asked, company: 'Acme' }, asked)).toEqual([]);
    expect(addressChanges({ ...asked, company: 'Acme' }, { ...asked, company: 'ACME INC' })).toEqual([
      { field: 'company', from: 'Acme', to: 'ACME INC' },
    ]);
  });
});

describe('a purchase', () => {
  const quoted = {
    country: 'US',
    postalCode: '94107',
    city: 'San Francisco',
    state: 'CA',
    street1: '388 Townsend St',
  };

  it('may add who receives the parcel, and how to reach them', () => {
    const person = { name: ' Rita  Receiver ', company: '', phone: '555 0100', email: 'rita@example.com' };
    expect(withContact(quoted, person)).toEqual({
      ...quoted,
      name: 'Rita Receiver',
      phone: '555 0100',
      email: 'rita@example.com',
    });
    expect(contactErrors(quoted, person, ['to'])).toEqual([]);
    expect(withContact(quoted, null)).toEqual(quoted);
  });

  it('may repeat what was quoted, in any case', () => {
    expect(contactErrors(quoted, { ...quoted, city: 'SAN FRANCISCO' }, ['to'])).toEqual([]);
  });

  it('may not change where the parcel goes, since that was priced', () => {
    const errors = contactErrors(quoted, { postalCode: '10001', street2: 'Apt 20' }, ['to']);
    expect(errors.map(({ code, field }) => `${code} ${field.join('.')}`)).toEqual([
      'NOT_ALLOWED to.postalCode',
      'NOT_ALLOWED to.street2',
    ]);
    expect(withContact(quoted, { postalCode: '10001' })).toEqual(quoted);
  });

  it('says of each thing that lacks whether to give it now or to ask for rates again', () => {
    const errors = labelErrors(
      sender,
      { country: 'US', postalCode: '94107', city: 'San Francisco', state: 'CA' },
      ['input'],
    );
    expect(errors.map(({ field, message }) => [field.join('.'), message])).toEqual([
      ['input.to.name', 'a label needs a name or a company: give it here'],
      [
        'input.to.street1',
        'a label needs a street: ask for rates with the whole address, then buy that rate',
      ],
    ]);
  });
});
