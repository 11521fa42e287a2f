import type { FastifyInstance, FastifyRequest } from 'fastify';
import { businessError, envelope, productRefusal, type ErrorResponse } from '../errors.ts';
import { authorizeRequest, clientOf } from '../oauth/gateway.ts';
import type { UspsState } from '../state.ts';
import { validateQuery } from '../validation.ts';
import { enhancedInfo } from './enhanced.ts';
import { placeOf } from './places.ts';
import { cityOf, standardizeAddress, type AddressInput, type AddressMatchError, type StandardizedAddress } from './standardization.ts'; // prettier-ignore
import { statePattern } from './states.ts';

const version = '/addresses/v3/';

/** The document's text, and the code and text of the error workbook. */
const matchErrors = {
  notFound: ['There is no match for the address requested.', '010005', 'Address Not Found'],
  multiple: [
    'More than one address was found matching the requested address.',
    '010006',
    'Multiple addresses were found for the information you entered, and no default exists.',
  ],
  insufficient: [
    'The address information in the request is insufficient to match.',
    '010001',
    'Invalid Address',
  ],
  cityAndState: ['The city and state are missing or together unverifiable.', '010004', 'Invalid City'],
} as const satisfies Record<AddressMatchError, readonly [text: string, code: string, detail: string]>;

const correctionTexts = {
  '32': 'Default address: The address you entered was found but more information is needed (such as an apartment, suite, or box number) to match to a specific address.',
  '22': 'Multiple addresses were found for the information you entered, and no default exists.',
};

const anything = /^/;
const addressQuery = {
  firm: /^.{0,50}$/,
  streetAddress: anything,
  secondaryAddress: anything,
  city: anything,
  state: statePattern,
  urbanization: anything,
  ZIPCode: /^\d{5}$/,
  ZIPPlus4: /^\d{4}$/,
};

/** The Addresses API: address, zipcode and city-state. The app's license decides between 3.2.3 and 3.3.1. */
export function addressRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = [authorizeRequest(state, 'addresses', version), requireLicense(state)];

  app.get('/addresses/v3/address', { onRequest }, async (request) => {
    const isEnhanced = clientOf(request).addresses === 'enhanced';
    // Only 3.2.3 requires the state beside a ZIP Code.
    const required = isEnhanced ? ['streetAddress'] : ['streetAddress', 'state'];
    const query = validateQuery(version, '/address', request.query, addressQuery, required);
    const inState = query.state ?? placeOf(query.ZIPCode ?? '')?.state ?? '';
    const found = standardizeAddress({ ...query, state: inState } as unknown as AddressInput);
    if (typeof found === 'string') throw matchErrorOf(state, found);
    return {
      firm: query.firm?.toUpperCase() ?? null,
      address: addressOf(found),
      additionalInfo: {
        deliveryPoint: found.deliveryPoint,
        carrierRoute: found.carrierRoute,
        DPVConfirmation: found.confirmation,
        DPVCMRA: 'N',
        centralDeliveryPoint: 'N',
        ...(isEnhanced ? enhancedInfo(found) : { business: found.business ? 'Y' : 'N', vacant: 'N' }),
      },
      corrections:
        found.correction === undefined
          ? // The guide's response to an address without corrections.
            [{ code: '', text: '' }]
          : [{ code: found.correction, text: correctionTexts[found.correction] }],
      matches: found.correction === undefined ? [{ code: '31', text: 'Single Response - exact match' }] : [],
    };
  });

  app.get('/addresses/v3/zipcode', { onRequest }, async (request) => {
    const query = validateQuery(version, '/zipcode', request.query, addressQuery, [
      'streetAddress',
      'city',
      'state',
    ]);
    const found = standardizeAddress(query as unknown as AddressInput);
    // The document has no 404 for this operation.
    if (typeof found === 'string') throw workbookError(found);
    return {
      ...(query.firm === undefined ? {} : { firm: query.firm.toUpperCase() }),
      address: addressOf(found),
    };
  });

  app.get('/addresses/v3/city-state', { onRequest }, async (request) => {
    const { ZIPCode = '' } = validateQuery(version, '/city-state', request.query, { ZIPCode: /^\d{5}$/ }, [
      'ZIPCode',
    ]);
    const place = placeOf(ZIPCode);
    // Guess: the document has no 404 for this operation; the workbook has a code.
    if (place === undefined) throw businessError(version, '010002', 'Invalid ZIP Code', 'ZIPCode');
    return { city: cityOf(ZIPCode), state: place.state, ZIPCode };
  });
}

/** The switch `withoutLicense` selects the error for apps without a license. */
function requireLicense(state: UspsState) {
  return async (request: FastifyRequest) => {
    if (clientOf(request).addresses === 'unlicensed') {
      throw productRefusal(version, state.switches.withoutLicense);
    }
  };
}

/** No match is a 404 without items in the document, and a 400 with a code in the error workbook. */
function matchErrorOf(state: UspsState, error: AddressMatchError): ErrorResponse {
  return state.switches.addressNotFound === 'workbook'
    ? workbookError(error)
    : envelope('v3', 404, matchErrors[error][0]);
}

function workbookError(error: AddressMatchError): ErrorResponse {
  const [, code, detail] = matchErrors[error];
  return businessError(version, code, detail, 'streetAddress');
}

/** The live service includes the fields of foreign addresses as nulls. */
function addressOf(found: StandardizedAddress) {
  return {
    streetAddress: found.streetAddress,
    streetAddressAbbreviation: null,
    secondaryAddress: found.secondaryAddress,
    city: found.city,
    cityAbbreviation: found.cityAbbreviation ?? null,
    state: found.state,
    postalCode: null,
    province: null,
    ZIPCode: found.ZIPCode,
    ZIPPlus4: found.ZIPPlus4,
    urbanization: found.urbanization,
    country: null,
    countryISOCode: null,
  };
}
