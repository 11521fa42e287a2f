import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import { InvalidSignature } from '../carriers/webhooks.ts';
import type { Caller } from '../accounts/account.ts';
import { webhookPaths } from '../accounts/webhook-paths.ts';
import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Storage } from '../storage/storage.ts';
import { saveTrackingUpdates } from '../workflows/tracking-updates.ts';
import type { Workflows } from '../workflows/workflows.ts';

export interface WebhookOptions {
  readonly callers: readonly Caller[];
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
}

/**
 * Adds `/webhooks/:provider/:endpoint`, which receives the events of providers. An event is accepted with a valid
 * signature only, and acknowledged after it was stored.
 */
export function addWebhooks(app: FastifyInstance, options: WebhookOptions): void {
  const { storage, workflows, clock, log, publicUrl } = options;
  const endpoints = endpointsByPath(options);
  void app.register(async (scope) => {
    // A signature is over the bytes as received, so the body is not parsed.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.post<{ Params: { provider: string; endpoint: string } }>(
      '/webhooks/:provider/:endpoint',
      async (request, reply) => {
        const { provider, endpoint } = request.params;
        const path = `/webhooks/${provider}/${endpoint}`;
        const found = endpoints.get(path);
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
          const event = webhooks.read(delivery, clock.now());
          await saveTrackingUpdates(storage.trackers, tenantId, accountId, event.trackings, event.at);
          await workflows.refunds.scheduleRefundCheck(tenantId, event.refunds);
          accountLog.info({ event: event.type, trackings: event.trackings.length }, 'webhook accepted');
          return await reply.send({ received: true });
        } catch (error) {
          if (error instanceof InvalidSignature) {
            accountLog.warn({ reason: error.message }, 'webhook rejected');
            return reply.code(401).send({ error: 'the signature is invalid' });
          }
          if (!(error instanceof ProviderError)) throw error;
          // A redelivery would be as unreadable; polling finds the change.
          accountLog.warn({ reason: error.message }, 'webhook could not be parsed');
          return reply.send({ received: true });
        }
      },
    );
  });
}

function endpointsByPath({ callers, sealer }: WebhookOptions) {
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
