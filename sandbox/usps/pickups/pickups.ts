import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { standardise, type Standardised } from '../addresses/addresses.ts';
import { callerOf, guard } from '../oauth/gateway.ts';
import { pickupEcho, type Pickup } from './pickup-response.ts';
import { pickupChange, pickupForm, type PickupForm } from './pickup-schema.ts';
import { checkPickup, pickupVersion as version } from './pickup-rules.ts';
import { businessError, checkedQuery, envelope, oasError, validated } from '../errors.ts';
import { anyState, stateCode } from '../addresses/states.ts';
import type { UspsState } from '../state.ts';

const tagLifetime = 3_600_000;
const url = '/pickup/v3/carrier-pickup';
const anything = /^/;

/** Pickups at the door: booked for a day, changed and cancelled under the tag of their latest version. */
export function pickupRoutes(app: FastifyInstance, world: UspsState) {
  const onRequest = guard(world, 'pickup', version);

  app.get(`${url}/eligibility`, { onRequest }, async (request) => {
    const query = checkedQuery(
      version,
      '/carrier-pickup/eligibility',
      request.query,
      {
        streetAddress: anything,
        secondaryAddress: anything,
        city: anything,
        state: anyState,
        ZIPCode: /^\d{5}$/,
        ZIPPlus4: /^\d{4}$/,
        urbanization: anything,
      },
      ['streetAddress'],
    );
    const found = placeOf({ ...query, streetAddress: query.streetAddress! });
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
    const asked = validated(version, pickupForm, request.body);
    const { crid } = callerOf(request);
    const address = addressOf(placeOf(asked.pickupAddress.address));
    const pickupDate = checkPickup(world, asked, at(world, crid, address));
    const pickup: Pickup = {
      confirmationNumber: nextNumber(world),
      crid,
      asked: { ...asked, pickupDate },
      address,
      cancelled: false,
    };
    return answer(world, reply, pickup);
  });

  app.get<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request, reply) => {
    const pickup = ownPickup(world, request);
    return answer(world, reply, pickup, true);
  });

  app.put<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request, reply) => {
    const pickup = ownPickup(world, request);
    const change = validated(version, pickupChange, request.body);
    spendTag(world, request, pickup);
    const asked: PickupForm = {
      ...(change.carrierPickupRequest ?? pickup.asked),
      ...(change.pickupDate === undefined ? {} : { pickupDate: change.pickupDate }),
    };
    const address = addressOf(placeOf(asked.pickupAddress.address));
    const others = at(world, pickup.crid, address).filter(
      (each) => each.confirmationNumber !== pickup.confirmationNumber,
    );
    const pickupDate = checkPickup(world, asked, others);
    return answer(world, reply, { ...pickup, asked: { ...asked, pickupDate }, address });
  });

  app.delete<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request, reply) => {
    const pickup = ownPickup(world, request);
    spendTag(world, request, pickup);
    keep(world, { ...pickup, cancelled: true });
    return reply.code(200).send();
  });
}

function placeOf(given: Parameters<typeof addressInput>[0]): Standardised {
  const found = standardise(addressInput(given));
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

const addressOf = (found: Standardised): Pickup['address'] => ({
  streetAddress: found.streetAddress,
  secondaryAddress: found.secondaryAddress,
  city: found.city,
  state: found.state,
  ZIPCode: found.ZIPCode,
  ZIPPlus4: found.ZIPPlus4,
  urbanization: found.urbanization,
});

/** Pickups that this customer has at an address. */
const at = (world: UspsState, crid: string, address: Pickup['address']) =>
  world.store
    .all<Pickup>('usps.pickup')
    .filter((each) => each.crid === crid && !each.cancelled)
    .filter(
      (each) =>
        each.address.streetAddress === address.streetAddress &&
        each.address.secondaryAddress === address.secondaryAddress &&
        each.address.ZIPCode === address.ZIPCode,
    );

const keep = (world: UspsState, pickup: Pickup) =>
  world.store.put<Pickup>('usps.pickup', pickup.confirmationNumber, pickup);

/** Guess: an unknown number and a cancelled one are refused alike; the workbook calls a number of a pickup a case. */
function ownPickup(world: UspsState, request: FastifyRequest): Pickup {
  const { number } = request.params as { number: string };
  const pickup = world.store.get<Pickup>('usps.pickup', number);
  if (pickup !== undefined && pickup.crid === callerOf(request).crid && !pickup.cancelled) return pickup;
  throw businessError(version, '020015', 'Case number not found.', 'confirmationNumber');
}

/** The answer with a fresh tag, which lives an hour or until it is used. */
function answer(world: UspsState, reply: FastifyReply, pickup: Pickup, read = false) {
  const tag = {
    value: `${pickup.confirmationNumber.toLowerCase()}${nextTag(world)}`,
    until: world.clock.now() + tagLifetime,
  };
  const tagged = { ...pickup, tag };
  keep(world, tagged);
  reply.header('ETag', `"${tag.value}"`);
  return pickupEcho(world, tagged, read);
}

/** Guess: 412 is what subscriptions answer to a stale tag. */
function spendTag(world: UspsState, request: FastifyRequest, pickup: Pickup) {
  const given = request.headers['if-match'];
  if (given === undefined) {
    throw oasError(version, [
      "ERROR - Header parameter 'If-Match' is required on path '/carrier-pickup/{confirmationNumber}' but not found in request.: []",
    ]);
  }
  const { tag } = pickup;
  const value = given.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
  if (tag === undefined || tag.value !== value || tag.until <= world.clock.now()) {
    throw envelope(version, 412, 'The ETag in If-Match is not that of the current version.');
  }
  const { tag: _, ...untagged } = pickup;
  keep(world, untagged);
}

function count(world: UspsState, name: string): number {
  const value = (world.store.get<{ value: number }>('usps.counter', name)?.value ?? 0) + 1;
  world.store.put('usps.counter', name, { value });
  return value;
}
const nextTag = (world: UspsState) => count(world, 'pickup-tag').toString(16).padStart(8, '0');
const nextNumber = (world: UspsState) => `WTC${String(400_000_000 + count(world, 'pickup'))}`;
