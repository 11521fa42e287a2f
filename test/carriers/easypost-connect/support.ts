import { expect, onTestFinished } from 'vitest';

import {
  easypostConnectSandboxClient,
  startEasyPostConnect,
} from '../../../sandbox/easypost-connect/index.ts';
import { openStore } from '../../../sandbox/store.ts';
import type { EasyPostConnectCredentials } from '../../../src/carriers/easypost-connect/credentials.ts';
import { easypostConnect } from '../../../src/carriers/easypost-connect/index.ts';
import type { Environment } from '../../../src/carriers/provider.ts';
import type { ProviderError } from '../../../src/domain/errors.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { createInterceptor } from '../../support/intercept.ts';
import { memoryQuotas, memoryTokens, unguarded } from '../../support/stores.ts';
import { testClock } from '../../support/test-server.ts';

export { call } from '../../support/adapters.ts';
export const minute = 60_000;

export interface Over {
  readonly credentials?: Partial<EasyPostConnectCredentials>;
  readonly environment?: Environment;
  readonly baseUrl?: string;
  readonly oauthUrl?: string;
  readonly uploadHosts?: string[];
  readonly jobs?: number;
}

/** Opens an account of an emulated EasyPost Connect, with one clock for both. */
export async function open(over: Over = {}) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const emulator = await startEasyPostConnect({ clock, store: openStore(), jobs: over.jobs });
  const connections = openConnections();
  const { layer, intercept } = createInterceptor();
  const warnings: string[] = [];
  const close = async () => {
    await connections.close();
    await emulator.close();
  };
  const { id, secret, apiKey } = easypostConnectSandboxClient;
  const carrier = easypostConnect.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment: over.environment ?? 'SANDBOX',
      baseUrl: over.baseUrl ?? emulator.url,
      credentials: { clientId: id, clientSecret: secret, apiKey, ...emulator.client, ...over.credentials },
      options: { oauthUrl: over.oauthUrl ?? emulator.oauth.url, uploadHosts: over.uploadHosts ?? [] },
      quota: {},
    },
    {
      send: timeout(layer(connections.send)),
      tokens: memoryTokens(),
      quotas: memoryQuotas(clock),
      guard: unguarded,
      clock,
      warn: (message) => void warnings.push(message),
    },
  );
  const calls = () =>
    [...emulator.oauth.calls, ...emulator.calls].map(({ method, path, status }) => `${method} ${path} ${status}`); // prettier-ignore
  return { clock, emulator, intercept, carrier, mail: carrier.mail!, warnings, calls, close };
}

/** Opens an account and closes it after the test. */
export async function opened(over?: Over) {
  const account = await open(over);
  onTestFinished(account.close);
  return account;
}

export const mint = (status: number) => `POST /oauth2/token ${status}`;
export const list = (status: number) => `GET /jobs ${status}`;
export const failureOf = (asked: Promise<unknown>): Promise<ProviderError> =>
  asked.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error as ProviderError,
  );
