import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';

import type { Identity } from '../../auth/authenticate.ts';
import { currentRequest } from '../../auth/request-record.ts';
import { createErrorFormatter } from '../../resolvers/errors.ts';
import { unauthenticated } from '../../resolvers/require-caller.ts';
import { checkPermission } from '../../resolvers/schema/permissions.ts';
import { addPage } from '../add-page.ts';
import type { RequestLimits } from '../request-limits.ts';
import { withCode } from '../with-code.ts';
import { readConsoleData, type ConsoleServices } from './console-data.ts';
import { renderPage } from './page.ts';

const files = ['page.css', 'page.js', 'sections.js', 'accounts.js', 'plots.js', 'elements.js'];

export interface ConsoleOptions extends ConsoleServices {
  readonly identify: (request: FastifyRequest) => Promise<Identity>;
  readonly requestLimits: RequestLimits;
  readonly log: Logger;
  /** The sandbox's key, with which the page reads its data. */
  readonly apiKey?: string;
}

/**
 * Adds `/console`, a page for operators, and `/console/data`, which it reads beside `/graphql`. The data needs the permission
 * `admin`; it holds no address, no token and no key.
 */
export function addConsole(app: FastifyInstance, options: ConsoleOptions): void {
  const { identify, requestLimits, log, apiKey } = options;
  addPage(app, '/console', renderPage(apiKey), { folder: new URL('.', import.meta.url), files });
  app.get('/console/data', { errorHandler: sendGraphQLError(log) }, async (request, reply) => {
    const identity = await identify(request);
    const leave = await requestLimits.admit(identity.caller, request.socket.remoteAddress);
    try {
      if (identity.caller === undefined) throw unauthenticated(identity);
      checkPermission('admin', 'the console', identity);
      return await reply.header('cache-control', 'no-store').send(await readConsoleData(options));
    } finally {
      leave();
    }
  });
}

/** What Apollo Server would set on the response of a request that is refused as a whole. */
interface ErrorHttp {
  readonly status?: number;
  readonly headers?: ReadonlyMap<string, string>;
}

/** Sends an error in the form of GraphQL errors, so that the page reads one form only. */
function sendGraphQLError(log: Logger): NonNullable<RouteOptions['errorHandler']> {
  const formatError = createErrorFormatter(log);
  return (thrown: Error, _, reply) => {
    const error =
      thrown instanceof GraphQLError
        ? thrown
        : new GraphQLError(thrown.message, { originalError: thrown, path: [] });
    const { status = 500, headers = [] } = (error.extensions.http ?? {}) as ErrorHttp;
    const { message, extensions } = formatError(withCode(error), error);
    const record = currentRequest();
    if (record) record.errors = [String(extensions?.code)];
    void reply
      .code(status)
      .headers(Object.fromEntries(headers))
      .send({ errors: [{ message, extensions }] });
  };
}
