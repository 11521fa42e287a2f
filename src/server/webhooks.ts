import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import { InvalidSignature } from '../carriers/webhooks.ts';
import type { Caller } from '../accounts/account.ts';
import type { Accounts } from '../accounts/open-accounts.ts';
import { webhookPaths } from '../accounts/webhook-paths.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Workflows } from '../workflows/workflows.ts';

export interface WebhookOptions {
  readonly accounts: Pick<Accounts, 'callers'>;
  readonly workflows: Workflows;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
}

/**
 * Adds `/webhooks/:provider/:endpoint`, which receives the events of providers. An event is accepted with a valid
 * signature only, and acknowledged once it is stored.
 */
export function addWebhooks(app: FastifyInstance, options: WebhookOptions): void {
  const { workflows, clock, log, publicUrl } = options;
  const findEndpoint = createEndpointLookUp(options);
  void app.register(async (scope) => {
    // A signature is over the bytes as received, so the body is not parsed.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.post<{ Params: { provider: string; endpoint: string } }>(
      '/webhooks/:provider/:endpoint',
      async (request, reply) => {
        const { provider, endpoint } = request.params;
        const path = `/webhooks/${provider}/${endpoint}`;
        const found = findEndpoint(path);
        // An account without a secret is not distinguished from one that does not exist.
        if (!found) return reply.code(404).send({ error: 'there is no such endpoint' });
        const { tenantId, accountId, webhooks } = found;
        const accountLog = log.child({ requestId: request.id, tenant: tenantId, account: accountId });
        try {
          const delivery = {
            method: request.method,
            path: new URL(publicUrl() + path).pathname,
            headers: request.headers,
            body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          };
          const challenge = webhooks.verify(delivery, clock.now());
          if (challenge) return await reply.send(challenge.answer);
          await workflows.receivedWebhooks.receive({ tenantId, accountId }, delivery.body);
          return await reply.send({ received: true });
        } catch (error) {
          if (!(error instanceof InvalidSignature)) throw error;
          accountLog.warn({ reason: error.message }, 'webhook rejected');
          return reply.code(401).send({ error: 'the signature is invalid' });
        }
      },
    );
  });
}

/** Returns the function that finds an account by its path. The paths are derived once for each change of the accounts. */
function createEndpointLookUp({ accounts, sealer }: WebhookOptions) {
  let callers: readonly Caller[] | undefined;
  let endpoints: ReturnType<typeof endpointsByPath>;
  return (path: string) => {
    if (callers !== accounts.callers()) {
      callers = accounts.callers();
      endpoints = endpointsByPath(callers, sealer);
    }
    return endpoints.get(path);
  };
}

function endpointsByPath(callers: readonly Caller[], sealer: Sealer) {
  return new Map(
    callers.flatMap((caller) =>
      caller.accounts.flatMap((account) => {
        const { webhooks } = account.adapter;
        if (webhooks === undefined) return [];
        const endpoint = { tenantId: caller.tenant.id, accountId: account.id, webhooks };
        return webhookPaths(sealer, caller, account).map((path) => [path, endpoint] as const);
      }),
    ),
  );
}
