import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { mayTrack, type UspsClient } from '../oauth/clients.ts';
import { clientOf, authorizeRequest } from '../oauth/gateway.ts';
import { detailResponse, summaryResponse, type TrackedParcel } from './tracking-response.ts';
import { scansUntil, type Parcel } from './tracking-simulation.ts';
import { envelope, productRefusal, type ErrorResponse } from '../errors.ts';
import { calendarDate, validateQuery, validateBody } from '../validation.ts';
import type { UspsState } from '../state.ts';

const v3 = '/tracking/v3';
const v3r2 = '/tracking/v3r2';

/** The items are closed (contract, 8.2). Two sources found a maximum of 35. */
const batchSchema = z
  .array(
    z.strictObject({
      trackingNumber: z.string(),
      mailingDate: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/)
        .optional(),
      destinationZIPCode: z
        .string()
        .regex(/^\d{5}$/)
        .optional(),
    }),
  )
  .min(1)
  .max(35);

const notAvailable =
  'Tracking is not available for this item. This may be because the tracking number is invalid; USPS has not yet received payment; USPS has not yet received the item; the item does not include tracking; or other reasons.';

/** The Tracking API: v3 for one number, v3r2 for up to 35. */
export function trackingRoutes(app: FastifyInstance, state: UspsState) {
  app.get<{ Params: { number: string } }>(
    '/tracking/v3/tracking/:number',
    { onRequest: authorizeRequest(state, 'tracking', v3) },
    async (request) => {
      const { expand = 'SUMMARY' } = validateQuery(
        v3,
        '/tracking/{trackingNumber}',
        request.query,
        { expand: /^(SUMMARY|DETAIL)$/, destinationZIPCode: /^\d{5}$/, mailingDate: calendarDate },
        [],
      );
      const found = findParcel(state, clientOf(request), request.params.number);
      if (typeof found === 'string') throw v3Error(found, request);
      return expand === 'DETAIL' ? detailResponse(state, found, false) : summaryResponse(state, found);
    },
  );

  app.post(
    '/tracking/v3r2/tracking',
    { onRequest: [authorizeRequest(state, 'tracking', v3r2), requireV3r2(state)] },
    async (request, reply) => {
      const items = validateBody(v3r2, batchSchema, request.body);
      const results = items.map(({ trackingNumber }) => {
        const found = findParcel(state, clientOf(request), trackingNumber);
        return typeof found === 'string'
          ? { trackingNumber, error: found }
          : detailResponse(state, found, true);
      });
      const failures = results.filter((each): each is Failure => 'error' in each);
      const foreign = failures.some((each) => each.error === 'foreign');
      if (foreign && (items.length === 1 || state.switches.foreignInBatch === 'batch')) {
        throw notAuthorized(v3r2, request);
      }
      if (failures.length === 0) return results;
      const allFailed = failures.length === items.length;
      if (items.length === 1 || (allFailed && state.switches.allFailedStatus === 404)) {
        throw envelope(v3r2, 404, notAvailable);
      }
      return reply
        .code(207)
        .send(results.map((each) => ('error' in each ? failedItem(state, request, each) : each)));
    },
  );
}

/** v3r2 is a separate product; the switch `withoutV3r2` selects the error for apps without it. */
function requireV3r2(state: UspsState) {
  return async (request: FastifyRequest) => {
    if (clientOf(request).tracking !== 'v3r2') throw productRefusal(v3r2, state.switches.withoutV3r2);
  };
}

/** `silent`: the label exists and has no scans yet. `foreign`: the parcel of another mailer. */
type TrackingError = 'unknown' | 'silent' | 'foreign';
interface Failure {
  trackingNumber: string;
  error: TrackingError;
}

/** Finds a parcel by its number, with or without the barcode's prefix `420` and ZIP Code. */
function findParcel(state: UspsState, client: UspsClient, input: string): TrackedParcel | TrackingError {
  const number = input.replace(/\s/g, '').replace(/^420\d{5}(?:\d{4})?(?=9\d{21}$)/, '');
  const parcel = state.store.get<Parcel>('usps.parcel', number);
  if (parcel === undefined) return 'unknown';
  if (!mayTrack(client, parcel.mid)) return 'foreign';
  const now = state.clock.now();
  if (now < parcel.created + state.switches.labelLagMs) return 'silent';
  const [newest, ...older] = scansUntil(parcel, now);
  return newest === undefined ? 'silent' : { parcel, scans: [newest, ...older] };
}

/** An error of v3: 400 with a code of the workbook. The texts begin with a number of the old XML service. */
function v3Error(error: TrackingError, request: FastifyRequest): ErrorResponse {
  if (error === 'foreign') return notAuthorized(v3, request);
  const [code, text] =
    error === 'silent'
      ? [
          '150001',
          '12: A status update is not yet available on your package. It will be available when the shipper provides an update or the package is given to USPS. Check back soon. Sign up for Informed Delivery<SUP>reg;</SUP> to receive notifications for packages addressed to you. - ',
        ]
      : [
          '150002',
          '7: The tracking number may be incorrect or the status update is not yet available. Please verify your tracking number and try again later. - ',
        ];
  return envelope(v3, 400, text, [{ title: text, detail: '', code }]);
}

/** The access controls of 2026-04-01 (contract, 8.5). */
const foreignText = (path: string) =>
  `The requested MID is not authorized to access ${path}; USPS implemented Tracking API Access Controls 4/1/2026`;
const notAuthorized = (version: string, request: FastifyRequest) =>
  envelope(version, 403, foreignText(request.url.split('?', 1)[0]!));

function failedItem(state: UspsState, request: FastifyRequest, failure: Failure) {
  const foreign = failure.error === 'foreign';
  return {
    ...(state.switches.echoFailedNumbers ? { trackingNumber: failure.trackingNumber } : {}),
    statusCode: foreign ? '403' : '404',
    error: { message: foreign ? foreignText(request.url) : notAvailable },
  };
}
