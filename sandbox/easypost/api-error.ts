/** An error response of EasyPost, in its envelope `{"error": {code, message, errors}}`. */
export class ApiError extends Error {
  status: number;
  code: string;
  errors: unknown[];

  constructor(status: number, code: string, message: string, errors: unknown[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const notFound = () => new ApiError(404, 'NOT_FOUND', 'The requested resource could not be found.');

/** Recorded for `{"shipment": {}}`. */
export const missingParameter = (field: string) =>
  new ApiError(422, 'PARAMETER.REQUIRED', 'Missing required parameter.', [
    { field, message: 'cannot be blank' },
  ]);

/** Guess: only the code is documented. */
export const wrongType = (field: string, expected: string) =>
  new ApiError(422, 'PARAMETER.INVALID_TYPE', 'Wrong parameter type.', [
    { field, message: `must be ${expected}` },
  ]);

export const unprocessable = (code: string, message: string, errors: unknown[] = []) =>
  new ApiError(422, code, message, errors);

/** Guess: no 429 was recorded; the text is the one that users quote. */
export const rateLimited = () =>
  new ApiError(
    429,
    'RATE_LIMITED',
    'Your account has been temporarily rate-limited due to excessive resource consumption.',
  );

export const internalError = () =>
  new ApiError(
    500,
    'INTERNAL_SERVER_ERROR',
    "We're sorry, something went wrong. If the problem persists please contact Support.",
  );

export const envelope = ({ code, message, errors }: ApiError) => ({ error: { code, message, errors } });
