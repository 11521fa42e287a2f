import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { standardizeAddress, type StandardizedAddress } from '../addresses/standardization.ts';
import { clientOf, authorizeRequest } from '../oauth/gateway.ts';
import { pickupResponse, type Pickup } from './pickup-response.ts';
import { pickupUpdateSchema, pickupSchema, type PickupRequest } from './pickup-schema.ts';
import { checkPickup, pickupVersion as version } from './pickup-rules.ts';
import { businessError, envelope } from '../errors.ts';
import { validateQuery, openApiError, validateBody } from '../validation.ts';
import { anyState, stateCode } from '../addresses/states.ts';
import type { UspsState } from '../state.ts';

const tagLifetime = 3_600_000;
const url = '/pickup/v3/carrier-pickup';
const anyText = /^/;

/** The Carrier Pickup API. Updates and cancellations need the ETag of the latest version in `If-Match`. */
export function pickupRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'pickup', version);

  app.get(`${url}/eligibility`, { onRequest }, async (request) => {
    const query = validateQuery(
      version,
      '/carrier-pickup/eligibility',
      request.query,
      {
        streetAddress: anyText,
        secondaryAddress: anyText,
        city: anyText,
        state: anyState,
        ZIPCode: /^\d{5}$/,
        ZIPPlus4: /^\d{4}$/,
        urbanization: anyText,
      },
      ['streetAddress'],
    );
    const found = standardizePickupAddress({ ...query, streetAddress: query.streetAddress! });
    return {
      pickupAddress: {
        firstName: null,
        lastName: null,
        firm: null,
        address: addressOf(found),
        contact: [{ eMail: null }, { phone: null, extension: null }],
      },
    };
  });

  app.post(url, { onRequest }, async (request, reply) => {
    const body = validateBody(version, pickupSchema, request.body);
    const { crid } = clientOf(request);
    const address = addressOf(standardizePickupAddress(body.pickupAddress.address));
    const pickupDate = checkPickup(state, body, openPickupsAt(state, crid, address));
    const pickup: Pickup = {
      confirmationNumber: nextNumber(state),
      crid,
      asked: { ...body, pickupDate },
      address,
      cancelled: false,
    };
    return sendPickup(state, reply, pickup);
  });

  app.get<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request, reply) => {
    const pickup = ownPickup(state, request);
    return sendPickup(state, reply, pickup, true);
  });

  app.put<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request, reply) => {
    const pickup = ownPickup(state, request);
    const change = validateBody(version, pickupUpdateSchema, request.body);
    consumeTag(state, request, pickup);
    const changed: PickupRequest = {
      ...(change.carrierPickupRequest ?? pickup.asked),
      ...(change.pickupDate === undefined ? {} : { pickupDate: change.pickupDate }),
    };
    const address = addressOf(standardizePickupAddress(changed.pickupAddress.address));
    const others = openPickupsAt(state, pickup.crid, address).filter(
      (each) => each.confirmationNumber !== pickup.confirmationNumber,
    );
    const pickupDate = checkPickup(state, changed, others);
    return sendPickup(state, reply, { ...pickup, asked: { ...changed, pickupDate }, address });
  });

  app.delete<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request, reply) => {
    const pickup = ownPickup(state, request);
    consumeTag(state, request, pickup);
    storePickup(state, { ...pickup, cancelled: true });
    return reply.code(200).send();
  });
}

function standardizePickupAddress(given: Parameters<typeof addressInput>[0]): StandardizedAddress {
  const found = standardizeAddress(addressInput(given));
  if (typeof found !== 'string' && found.confirmation !== 'N') return found;
  const [code, detail] =
    found === 'multiple'
      ? ['010006', 'Multiple addresses were found for the information you entered, and no default exists.']
      : ['010005', 'Address Not Found'];
  throw businessError(version, code, detail, 'streetAddress');
}

function addressInput(given: {
  streetAddress: string;
  secondaryAddress?: string | null | undefined;
  city?: string | undefined;
  state?: string | undefined;
  ZIPCode?: string | undefined;
  urbanization?: string | undefined;
}) {
  return {
    streetAddress: given.streetAddress,
    secondaryAddress: given.secondaryAddress ?? undefined,
    city: given.city || undefined,
    state: stateCode(given.state ?? ''),
    ZIPCode: given.ZIPCode,
    urbanization: given.urbanization || undefined,
  };
}

const addressOf = (found: StandardizedAddress): Pickup['address'] => ({
  streetAddress: found.streetAddress,
  secondaryAddress: found.secondaryAddress,
  city: found.city,
  state: found.state,
  ZIPCode: found.ZIPCode,
  ZIPPlus4: found.ZIPPlus4,
  urbanization: found.urbanization,
});

/** The scheduled pickups of a customer at an address. */
const openPickupsAt = (state: UspsState, crid: string, address: Pickup['address']) =>
  state.store
    .all<Pickup>('usps.pickup')
    .filter((each) => each.crid === crid && !each.cancelled)
    .filter(
      (each) =>
        each.address.streetAddress === address.streetAddress &&
        each.address.secondaryAddress === address.secondaryAddress &&
        each.address.ZIPCode === address.ZIPCode,
    );

const storePickup = (state: UspsState, pickup: Pickup) =>
  state.store.put<Pickup>('usps.pickup', pickup.confirmationNumber, pickup);

/** Guess: an unknown number and that of a canceled pickup have one error. The workbook calls a confirmation number a case. */
function ownPickup(state: UspsState, request: FastifyRequest): Pickup {
  const { number } = request.params as { number: string };
  const pickup = state.store.get<Pickup>('usps.pickup', number);
  if (pickup !== undefined && pickup.crid === clientOf(request).crid && !pickup.cancelled) return pickup;
  throw businessError(version, '020015', 'Case number not found.', 'confirmationNumber');
}

/** Stores a pickup and sends it with a new ETag, which is valid for an hour and for one use. */
function sendPickup(state: UspsState, reply: FastifyReply, pickup: Pickup, read = false) {
  const tag = {
    value: `${pickup.confirmationNumber.toLowerCase()}${nextTag(state)}`,
    until: state.clock.now() + tagLifetime,
  };
  const tagged = { ...pickup, tag };
  storePickup(state, tagged);
  reply.header('ETag', `"${tag.value}"`);
  return pickupResponse(state, tagged, read);
}

/** Throws unless `If-Match` has the current ETag. Guess: 412, as subscriptions respond to an outdated ETag. */
function consumeTag(state: UspsState, request: FastifyRequest, pickup: Pickup) {
  const given = request.headers['if-match'];
  if (given === undefined) {
    throw openApiError(version, [
      "ERROR - Header parameter 'If-Match' is required on path '/carrier-pickup/{confirmationNumber}' but not found in request.: []",
    ]);
  }
  const { tag } = pickup;
  const value = given.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
  if (tag === undefined || tag.value !== value || tag.until <= state.clock.now()) {
    throw envelope(version, 412, 'The ETag in If-Match is not that of the current version.');
  }
  const { tag: _, ...untagged } = pickup;
  storePickup(state, untagged);
}

function count(state: UspsState, name: string): number {
  const value = (state.store.get<{ value: number }>('usps.counter', name)?.value ?? 0) + 1;
  state.store.put('usps.counter', name, { value });
  return value;
}
const nextTag = (state: UspsState) => count(state, 'pickup-tag').toString(16).padStart(8, '0');
const nextNumber = (state: UspsState) => `WTC${String(400_000_000 + count(state, 'pickup'))}`;
