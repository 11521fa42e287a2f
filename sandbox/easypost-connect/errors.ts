/*
 * How EasyPost Connect refuses is documented nowhere: "the call is rejected" is all the guide says. What stands here is
 * inferred, from OAuth (RFC 6749, 5.2) for the token endpoint and from AWS's API Gateway, whose shape its tokens and
 * its key header have, for the API.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

export const badKey = () => new Refusal(403, { message: 'Forbidden' });
export const badToken = () => new Refusal(401, { message: 'Unauthorized' });
export const notFound = () => new Refusal(404, { message: 'Not Found' });
export const badRequest = (message: string) => new Refusal(400, { message });
export const oauthError = (error: string) => new Refusal(400, { error });
