import { envelope, internalError, rateLimited } from './api-error.ts';

/** A response that replaces the real one. */
export interface FaultyResponse {
  status: number;
  headers?: Record<string, string>;
  body: object;
}

const error = (status: number, code: string, message: unknown, errors: unknown[] = []): FaultyResponse => ({
  status,
  body: { error: { code, message, errors } },
});

/** Responses that no request provokes: limits, outages, and errors in every form that was recorded or reported. */
export const easypostFaults = {
  /** No 429 was recorded, so clients must accept one with and without `Retry-After`. */
  rateLimited: (retryAfterSeconds?: number): FaultyResponse => ({
    status: 429,
    body: envelope(rateLimited()),
    ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
  }),
  /** Guess: client libraries map the status; the code is not recorded. */
  insufficientFunds: error(402, 'PAYMENT_REQUIRED', 'Insufficient funds. Please add funds to your account.'),
  unavailable: error(503, 'SERVICE_UNAVAILABLE', 'The service is temporarily unavailable.'),
  internal: { status: 500, body: envelope(internalError()) },
  variants: {
    noDetails: error(401, 'UNAUTHORIZED', 'Your account is not enabled for this.'),
    fields: error(422, 'PARAMETER.REQUIRED', 'Missing required parameter.', [
      { field: 'shipment', message: 'cannot be blank', suggestion: null },
    ]),
    codedFields: error(422, 'ADDRESS.VERIFY.FAILURE', 'Unable to verify address.', [
      { code: 'E.STREET.INVALID', field: 'street1', message: 'Invalid street', suggestion: '12 MAIN ST' },
    ]),
    texts: error(404, 'NOT_FOUND', 'The requested resource could not be found.', [
      'No eligible insurance found.',
    ]),
    fieldAsKey: error(422, 'UNPROCESSABLE_ENTITY', 'Invalid parameters.', [
      { to_address: 'Required and missing.' },
    ]),
    numbered: error(422, 'UNPROCESSABLE_ENTITY', 'Unable to register.', [
      { code: '3001', message: 'Denied.' },
    ]),
    existing: error(409, 'REPORT.ALREADY_EXISTS', 'The report already exists.', [
      { field: 'existing_report', id: 'shprep_00000000000000000000000000000001' },
    ]),
    messageAsList: error(422, 'SHIPMENT.POSTAGE.FAILURE', ['Bad address', 'Bad phone number']),
    messageAsObject: error(422, 'SHIPMENT.POSTAGE.FAILURE', { to_address: ['Bad address'] }),
    jsonInText: {
      status: 500,
      body: { error: { message: '{"detail":"upstream broke"}', errors: ['{"detail":"upstream broke"}'] } },
    },
    plainText: { status: 422, body: { error: 'Something is wrong with this request.' } },
  } satisfies Record<string, FaultyResponse>,
};
