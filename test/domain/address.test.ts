import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  addressChanges,
  validateAddress,
  normalizeAddress,
  type Address,
  type AddressUse,
} from '../../src/domain/address.ts';
import { validateContact, validateLabelAddresses, withContact } from '../../src/domain/shipment.ts';
import { receiver, sender } from '../support/test-server.ts';

const errorsOf = (address: Address, use: AddressUse = 'label') =>
  validateAddress(address, use, ['to']).map(({ code, field }) => `${code} ${field.join('.')}`);

describe('a normalised address', () => {
  it('has no extra whitespace, no empty parts, and a state in upper case', () => {
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

  it('keeps the full name of a province as it is', () => {
    expect(normalizeAddress({ state: 'Noord-Holland' })).toEqual({ state: 'Noord-Holland' });
  });

  it('has a hyphen in a nine-digit ZIP code', () => {
    for (const postalCode of ['94107 1234', '941071234', ' 94107-1234 ']) {
      expect(normalizeAddress({ postalCode, country: 'US' }).postalCode).toBe('94107-1234');
    }
    expect(normalizeAddress({ postalCode: '94107 1234', country: 'GB' }).postalCode).toBe('94107 1234');
  });

  it('is not changed by normalising it again', () => {
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

describe('an address', () => {
  it('is sufficient for rates with country and postal code', () => {
    expect(errorsOf({ country: 'US', postalCode: '94107' }, 'quote')).toEqual([]);
    expect(errorsOf({ country: 'US' }, 'quote')).toEqual(['REQUIRED to.postalCode']);
  });

  it('is sufficient for rates without a postal code where the country may have none', () => {
    expect(errorsOf({ country: 'IE', city: 'Dublin' }, 'quote')).toEqual([]);
  });

  it('is sufficient for verification with a street, and a postal code or city and state', () => {
    const street = { country: 'US', street1: '388 Townsend St' };
    expect(errorsOf({ ...street, postalCode: '94107' }, 'verify')).toEqual([]);
    expect(errorsOf({ ...street, city: 'San Francisco', state: 'CA' }, 'verify')).toEqual([]);
    expect(errorsOf({ ...street, city: 'San Francisco' }, 'verify')).toEqual(['REQUIRED to.postalCode']);
    expect(errorsOf({ country: 'US', postalCode: '94107' }, 'verify')).toEqual(['REQUIRED to.street1']);
  });

  it('is sufficient for a label with name or company, street, city and, in the US, state; all missing parts are reported', () => {
    expect(errorsOf(receiver)).toEqual([]);
    expect(errorsOf({ ...receiver, name: undefined, company: 'Acme' })).toEqual([]);
    expect(errorsOf({ country: 'US', postalCode: '94107' })).toEqual([
      'REQUIRED to.name',
      'REQUIRED to.street1',
      'REQUIRED to.city',
      'REQUIRED to.state',
    ]);
    expect(
      errorsOf({
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
  const cases: Record<string, { valid: string[]; invalid: string[] }> = {
    US: {
      valid: ['94107', '94107-1234', '941071234', '94107 1234'],
      invalid: ['9410', '941077', '94107-12', 'K1A 0B1', '9410a', '94107\n'],
    },
    CA: { valid: ['K1A 0B1', 'k1a0b1'], invalid: ['D1A 0B1', 'K1A-0B1', 'K1A0B', '94107'] },
    GB: {
      valid: ['SW1A 1AA', 'm11ae', 'B33 8TH', 'CR2 6XH', 'DN55 1PT'],
      invalid: ['SW1A', 'SW1A 1A', '12345'],
    },
    DE: { valid: ['10115'], invalid: ['1011', 'D-10115'] },
    NL: { valid: ['1012 AB', '1012ab'], invalid: ['1012', 'AB 1012'] },
    JP: { valid: ['100-0001', '1000001'], invalid: ['100-001'] },
    AU: { valid: ['2000'], invalid: ['20000'] },
  };

  for (const [country, { valid, invalid }] of Object.entries(cases)) {
    it(`of ${country} is checked by its format`, () => {
      for (const postalCode of valid)
        expect(errorsOf({ country, postalCode }, 'quote'), postalCode).toEqual([]);
      for (const postalCode of invalid) {
        expect(errorsOf({ country, postalCode }, 'quote'), postalCode).toEqual(['INVALID to.postalCode']);
      }
    });
  }

  it('that is invalid gets an error with an example', () => {
    const [error] = validateAddress({ country: 'CA', postalCode: '94107' }, 'quote', []);
    expect(error!.message).toBe('must be a postal code of CA, such as K1A 0B1');
  });

  it('of any other country is checked by its length', () => {
    expect(errorsOf({ country: 'BR', postalCode: '01310-100' }, 'quote')).toEqual([]);
    expect(errorsOf({ country: 'BR', postalCode: '01310-100-01310' }, 'quote')).toEqual([
      'INVALID to.postalCode',
    ]);
  });
});

describe('a state', () => {
  it.each([
    ['US', 'ca', 'CA'],
    ['US', 'California', 'CA'],
    ['US', 'NEW  YORK', 'NY'],
    ['US', 'd.c.', 'DC'],
    ['US', 'puerto rico', 'PR'],
    ['US', 'U.S. Virgin Islands', 'VI'],
    ['US', 'Guam', 'GU'],
    ['US', 'Palau', 'PW'],
    ['US', 'Armed Forces Europe', 'AE'],
    ['US', 'armed forces pacific', 'AP'],
    ['CA', 'on', 'ON'],
    ['CA', 'ontario', 'ON'],
    ['CA', 'Québec', 'QC'],
    ['CA', 'Newfoundland and Labrador', 'NL'],
  ])('of %s is read by its code or name in any case: %s is %s', (country, state, code) => {
    expect(normalizeAddress({ country, state }).state).toBe(code);
  });

  it('that is unknown is left for the provider to judge', () => {
    expect(normalizeAddress({ country: 'US', state: 'Jefferson' }).state).toBe('Jefferson');
    expect(normalizeAddress({ country: 'US', state: 'Ontario' }).state).toBe('Ontario');
    expect(errorsOf({ ...receiver, state: 'ZZ' })).toEqual([]);
    expect(errorsOf({ country: 'AU', postalCode: '2000', state: 'NSW' }, 'quote')).toEqual([]);
  });
});

it('a part of an address has at most 200 characters', () => {
  expect(errorsOf({ ...receiver, street2: 'x'.repeat(200) })).toEqual([]);
  expect(errorsOf({ ...receiver, street2: 'x'.repeat(201) })).toEqual(['INVALID to.street2']);
});

describe('the changes of a verification', () => {
  const requested = {
    street1: '388 Townsend St',
    street2: null,
    city: 'san francisco',
    postalCode: '94107',
    country: 'US',
  };

  it('are listed in the order in which people write an address', () => {
    const verified = {
      street1: '388 TOWNSEND ST',
      street2: 'APT 20',
      city: 'SAN FRANCISCO',
      state: 'CA',
      postalCode: '94107-1234',
      country: 'US',
    };
    expect(addressChanges(requested, verified)).toEqual([
      { field: 'street2', from: null, to: 'APT 20' },
      { field: 'state', from: null, to: 'CA' },
      { field: 'postalCode', from: '94107', to: '94107-1234' },
    ]);
  });

  it('ignore case and contact', () => {
    const verified = {
      ...requested,
      city: 'SAN FRANCISCO',
      name: 'ANOTHER NAME',
      phone: '1',
      residential: true,
    };
    expect(addressChanges(requested, verified)).toEqual([]);
  });

  it('include a corrected company, but not one that the provider left out', () => {
    expect(addressChanges({ ...requested, company: 'Acme' }, requested)).toEqual([]);
    expect(addressChanges({ ...requested, company: 'Acme' }, { ...requested, company: 'ACME INC' })).toEqual([
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

  it('may add the contact of the recipient', () => {
    const person = { name: ' Rita  Receiver ', company: '', phone: '555 0100', email: 'rita@example.com' };
    expect(withContact(quoted, person)).toEqual({
      ...quoted,
      name: 'Rita Receiver',
      phone: '555 0100',
      email: 'rita@example.com',
    });
    expect(validateContact(quoted, person, ['to'])).toEqual([]);
    expect(withContact(quoted, null)).toEqual(quoted);
  });

  it('may repeat the quoted address in any case', () => {
    expect(validateContact(quoted, { ...quoted, city: 'SAN FRANCISCO' }, ['to'])).toEqual([]);
  });

  it('may not change the quoted address', () => {
    const errors = validateContact(quoted, { postalCode: '10001', street2: 'Apt 20' }, ['to']);
    expect(errors.map(({ code, field }) => `${code} ${field.join('.')}`)).toEqual([
      'NOT_ALLOWED to.postalCode',
      'NOT_ALLOWED to.street2',
    ]);
    expect(withContact(quoted, { postalCode: '10001' })).toEqual(quoted);
  });

  it('names for each missing part whether to add it or to ask for rates again', () => {
    const errors = validateLabelAddresses(
      sender,
      { country: 'US', postalCode: '94107', city: 'San Francisco', state: 'CA' },
      ['input'],
    );
    expect(errors.map(({ field, message }) => [field.join('.'), message])).toEqual([
      ['input.to.name', 'a label needs a name or a company: add it to this purchase'],
      [
        'input.to.street1',
        'a label needs a street: ask for rates with the complete address, then purchase one of those',
      ],
    ]);
  });
});

describe('the phone and the email of an address', () => {
  it.each([
    [{ phone: '12' }, 'to.phone', 'must be a phone number of 6 to 20 digits, and has 2'],
    [{ phone: 'call me' }, 'to.phone', 'must be a phone number of 6 to 20 digits, and has 0'],
    [{ email: 'none' }, 'to.email', 'must be an email address, such as ada@example.com'],
  ])('are judged where a label or a pickup needs them: %j', (contact, field, message) => {
    const errorsFor = (use: AddressUse) => validateAddress({ ...receiver, ...contact }, use, ['to']);
    for (const use of ['label', 'pickup'] as const) {
      expect(errorsFor(use)).toEqual([{ code: 'INVALID', field: field.split('.'), message }]);
    }
    expect([errorsFor('quote'), errorsFor('verify')]).toEqual([[], []]);
  });

  it('are accepted in the forms in which people write them', () => {
    for (const phone of ['(202) 555-0100 ext. 12', '+44 20 7946 0958', '112233']) {
      expect(errorsOf({ ...receiver, phone, email: 'ada@localhost' })).toEqual([]);
    }
  });
});
