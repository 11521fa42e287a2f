import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { CalledAccount } from '../accounts/open-account.ts';
import type { Accounts } from '../accounts/open-accounts.ts';
import type { Attribution } from '../auth/attribution.ts';
import { mutationNames } from '../domain/operation.ts';
import type { UnresolvedWork } from '../workflows/unresolved.ts';
import type { ProviderCall } from '../transport/observe.ts';

/** The metrics of this process. They name no person, no address and no tracking number. */
export interface Metrics {
  /** Counts a call to a provider. */
  onCall(account: CalledAccount, call: ProviderCall, attribution: Attribution | undefined): void;
  /** Counts a GraphQL operation; `error` is the code of its first error. */
  onOperation(operation: string, milliseconds: number, error?: string): void;
  /** Counts a subscription as open, until the returned function is called. */
  onSubscription(transport: string): () => void;
  /** Counts a request that was refused for overload. */
  onRefused(): void;
  /** Shows the requests that run and that wait to be started. */
  observeRequests(requests: { readonly running: number; readonly waiting: number }): void;
  /** Adds `/metrics`, in the text format of Prometheus, with the counts of the ledger and the accounts' breakers. */
  serve(app: FastifyInstance, unresolved: UnresolvedWork, accounts: Pick<Accounts, 'callers'>): void;
}

const seconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const calls = new Histogram({
    name: 'parcelgraph_provider_call_seconds',
    help: 'Duration of calls to providers, by API product and by HTTP status or failure.',
    labelNames: ['provider', 'api', 'outcome'],
    buckets: seconds,
    registers,
  });
  const attributed = new Counter({
    name: 'parcelgraph_provider_calls_total',
    help: 'Calls to providers, by tenant, account and API product, and by the operation and client that caused them; those are empty for background jobs.',
    labelNames: ['tenant', 'account', 'api', 'operation', 'client'],
    registers,
  });
  const operations = new Histogram({
    name: 'parcelgraph_operation_seconds',
    help: 'Duration of GraphQL operations, by type and by the code of the first error, empty if there was none.',
    labelNames: ['operation', 'error'],
    buckets: seconds,
    registers,
  });
  const subscriptions = new Gauge({
    name: 'parcelgraph_subscriptions',
    help: 'Subscriptions that are open in this process, by transport.',
    labelNames: ['transport'],
    registers,
  });
  const refused = new Counter({
    name: 'parcelgraph_requests_refused_total',
    help: 'GraphQL requests that were refused because the process was overloaded.',
    registers,
  });
  return {
    onSubscription(transport) {
      subscriptions.inc({ transport });
      return () => subscriptions.dec({ transport });
    },
    onCall({ tenant, id, provider }, { api, outcome, milliseconds }, { operation = '', client = '' } = {}) {
      calls.observe({ provider, api, outcome }, milliseconds / 1000);
      attributed.inc({ tenant, account: id, api, operation, client });
    },
    onOperation: (operation, milliseconds, error = '') =>
      operations.observe({ operation, error }, milliseconds / 1000),
    onRefused: () => refused.inc(),
    observeRequests(requests) {
      new Gauge({
        name: 'parcelgraph_requests',
        help: 'GraphQL requests that run, and that wait until the process has caught up.',
        labelNames: ['state'],
        registers,
        collect() {
          this.set({ state: 'running' }, requests.running);
          this.set({ state: 'waiting' }, requests.waiting);
        },
      });
    },
    serve(app, unresolved, accounts) {
      new Gauge({
        name: 'parcelgraph_uncertain',
        help: 'Purchases, pickups, manifests and mail jobs whose outcome is unknown. Every replica reports the same number.',
        labelNames: ['kind'],
        registers,
        async collect() {
          this.reset();
          // While the ledger is unavailable there is no count; `/readyz` reports it.
          const counts = await unresolved.count().catch(() => undefined);
          for (const [kind, name] of Object.entries(mutationNames)) {
            if (counts) this.set({ kind: name }, counts[kind as keyof typeof counts]);
          }
        },
      });
      new Gauge({
        name: 'parcelgraph_breakers',
        help: 'Accounts whose circuit breaker for an API product is OPEN or HALF_OPEN.',
        labelNames: ['provider', 'api', 'state'],
        registers,
        collect() {
          this.reset();
          for (const { provider, breakers } of accounts.callers().flatMap((caller) => caller.accounts)) {
            for (const { api, state } of breakers()) this.inc({ provider, api, state });
          }
        },
      });
      app.get('/metrics', async (_, reply) =>
        reply.type(register.contentType).send(await register.metrics()),
      );
    },
  };
}
