/*
 * The error responses of EasyPost Connect are not documented: "the call is rejected" is all that its guide says. These
 * are inferred: for the token endpoint from OAuth (RFC 6749, 5.2), for the API from AWS API Gateway, since its tokens
 * and its key header have that form.
 */

/** Thrown by a route to respond with an error. */
export class ErrorResponse extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

export const badKey = () => new ErrorResponse(403, { message: 'Forbidden' });
export const badToken = () => new ErrorResponse(401, { message: 'Unauthorized' });
export const notFound = () => new ErrorResponse(404, { message: 'Not Found' });
export const badRequest = (message: string) => new ErrorResponse(400, { message });
export const oauthError = (error: string) => new ErrorResponse(400, { error });
