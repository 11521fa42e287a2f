import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import type { Ledger } from '../workflows/ledger.ts';
import type { ProviderCall } from '../transport/observe.ts';

/** What is counted of this process; no tenant, account or person is named. */
export interface Metrics {
  /** A provider was called. */
  onCall(provider: string, call: ProviderCall): void;
  /** A GraphQL operation was answered: with data alone, or with errors of which this is the first's code. */
  onOperation(operation: string, milliseconds: number, error?: string): void;
  /** Serves them at `/metrics`, with what the ledger counts, in the text format of Prometheus. */
  serve(app: FastifyInstance, ledger: Ledger): void;
}

const seconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const calls = new Histogram({
    name: 'parcelgraph_provider_call_seconds',
    help: 'Calls to providers, by API product and by the status or failure that came.',
    labelNames: ['provider', 'api', 'outcome'],
    buckets: seconds,
    registers,
  });
  const operations = new Histogram({
    name: 'parcelgraph_operation_seconds',
    help: 'GraphQL operations, by type and by the code of the first error, empty where there was none.',
    labelNames: ['operation', 'error'],
    buckets: seconds,
    registers,
  });
  return {
    onCall: (provider, { api, outcome, milliseconds }) =>
      calls.observe({ provider, api, outcome }, milliseconds / 1000),
    onOperation: (operation, milliseconds, error = '') =>
      operations.observe({ operation, error }, milliseconds / 1000),
    serve(app, ledger) {
      new Gauge({
        name: 'parcelgraph_uncertain',
        help: 'Purchases, pickups, manifests and mail jobs of which is not known what became of them; every replica tells the same.',
        labelNames: ['kind'],
        registers,
        async collect() {
          this.reset();
          // A ledger that does not answer counts nothing, which `/readyz` tells of.
          const kinds = await ledger.unresolved.count().catch(() => undefined);
          for (const [kind, count] of Object.entries(kinds ?? {})) this.set({ kind }, count);
        },
      });
      app.get('/metrics', async (_, reply) =>
        reply.type(register.contentType).send(await register.metrics()),
      );
    },
  };
}
