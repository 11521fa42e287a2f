import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import { InvalidSignature, type WebhookEvent } from '../carriers/webhooks.ts';
import type { Account, Caller } from '../accounts/account.ts';
import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Ledger } from '../workflows/ledger.ts';

export interface WebhookOptions {
  readonly callers: readonly Caller[];
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publicUrl: () => string;
}

/**
 * Where a provider brings its news of an account: a word that nobody guesses, made of tenant and account, so that it is
 * stored nowhere; the account's own alias for the single tenant of the environment. After a change of secret the
 * address of the previous one is still open.
 */
export function webhookPaths(
  sealer: Sealer,
  { tenant }: Caller,
  { id, provider }: Account,
): readonly [string, ...string[]] {
  const to = (word: string) => `/webhooks/${provider}/${word}`;
  if (tenant.single) return [to(id)];
  const [current, ...older] = sealer.names('webhook', JSON.stringify([tenant.id, id]));
  return [to(current), ...older.map(to)];
}

/** News that providers bring: believed only with their signature, answered once the ledger has it. */
export function addWebhooks(app: FastifyInstance, options: WebhookOptions): void {
  const { callers, ledger, sealer, clock, log, publicUrl } = options;
  const doors = new Map(
    callers.flatMap((caller) =>
      caller.accounts.flatMap((account) =>
        account.adapter.webhooks === undefined
          ? []
          : webhookPaths(sealer, caller, account).map((path) => [path, { caller, account }] as const),
      ),
    ),
  );
  void app.register(async (scope) => {
    // A signature is over the bytes as they came, so nobody parses them first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.post<{ Params: { provider: string; endpoint: string } }>(
      '/webhooks/:provider/:endpoint',
      async (request, reply) => {
        const { provider, endpoint } = request.params;
        const path = `/webhooks/${provider}/${endpoint}`;
        const found = doors.get(path);
        const desk = found?.account.adapter.webhooks;
        // One that has no secret is not told from one that is not there.
        if (!found || !desk) return reply.code(404).send({ error: 'there is no such endpoint' });
        const { tenant } = found.caller;
        const own = log.child({ requestId: request.id, tenant: tenant.id, account: found.account.id });
        try {
          const delivery = {
            method: request.method,
            path: new URL(publicUrl() + path).pathname,
            headers: request.headers,
            body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          };
          const news = desk.read(delivery, clock.now());
          await saveTrackings(news, tenant.id, found.account.id, ledger);
          await ledger.refunds.scheduleRefundCheck(tenant.id, news.refunds);
          own.info({ about: news.type, told: news.trackings.length }, 'a webhook was taken');
          return await reply.send({ received: true });
        } catch (error) {
          if (error instanceof InvalidSignature) {
            own.warn({ reason: error.message }, 'a webhook was refused');
            return reply.code(401).send({ error: 'the signature does not fit' });
          }
          if (!(error instanceof ProviderError)) throw error;
          // Sent again it would not be easier to read; polling finds out what it told.
          own.warn({ reason: error.message }, 'a webhook can not be read');
          return reply.send({ received: true });
        }
      },
    );
  });
}

/** An older state than the one that is known is left out there. */
export function saveTrackings(
  { trackings, at }: Pick<WebhookEvent, 'trackings' | 'at'>,
  tenantId: string,
  accountId: string,
  ledger: Ledger,
): Promise<void> {
  return ledger.trackers.save(
    tenantId,
    trackings.map(({ parcel, tracking }) => ({ ...parcel, accountId, state: tracking, asOf: at })),
  );
}
