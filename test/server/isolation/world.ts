import { rmSync } from 'node:fs';

import { pino } from 'pino';

import { startEasyPost } from '../../../sandbox/easypost/index.ts';
import type { Emulator } from '../../../sandbox/emulator.ts';
import { openStore } from '../../../sandbox/store.ts';
import { startUsps, uspsSandboxClient, uspsTrackingNumber } from '../../../sandbox/usps/index.ts';
import { easypost } from '../../../src/carriers/easypost/index.ts';
import { usps } from '../../../src/carriers/usps/index.ts';
import { toApiKeyConfig } from '../../../src/config/api-key.ts';
import type { Config } from '../../../src/config/config.ts';
import type { TenantConfig } from '../../../src/config/tenants.ts';
import { uspsCredentials } from '../../support/adapters.ts';
import { startApp } from '../../support/start-app.ts';
import { ask, receiver, sender, testClock, type Answer } from '../../support/test-server.ts';

/** A server whose tenants each have an account at USPS and at EasyPost, and a record of what crossed between them. */
export interface World {
  readonly tenants: number;
  /** Calls to providers that carried the data of one tenant under its own credentials, by provider. */
  readonly calls: Record<string, number>;
  /** Calls and answers in which a tenant met what is another's. */
  readonly crossings: string[];
  /** Sends an operation of a tenant, and records whatever in its answer is another tenant's. Throws without `data`. */
  ask(tenant: number, query: string, variables?: object): Promise<Answer<any>>;
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

/** What a tenant's texts begin with, so that an answer tells whose it is. */
export const markOf = (tenant: number) => `tenant-${String(tenant).padStart(3, '0')}`;
/** The address of a tenant's customers: its name and postal code occur in no other tenant's. */
export const addressOf = (tenant: number, houseNumber: number) => ({
  ...receiver,
  name: `Rita ${markOf(tenant)}`,
  phone: '404-555-0100',
  street1: `${houseNumber} Peachtree St`,
  city: 'Atlanta',
  state: 'GA',
  postalCode: String(30_100 + tenant),
});
export const senderOf = (tenant: number) => ({
  ...sender,
  name: `Sally ${markOf(tenant)}`,
  phone: '202-555-0100',
});

/** The parcels of a tenant that USPS knows: it shows them to the mailer of their number alone. */
export const parcelsOfTenant = 5;
export const numberOf = (tenant: number, parcel: number) =>
  uspsTrackingNumber(parcel + 1, clientOf(tenant).mid);

const keyOf = (tenant: number) => `key of ${markOf(tenant)}`.replaceAll(' ', '-');
const easypostKeyOf = (tenant: number) => `EZTKtenant${String(tenant).padStart(40, '0')}`;
const clientOf = (tenant: number) => ({
  ...uspsSandboxClient,
  id: `client-${tenant}`,
  secret: `secret-${tenant}`,
  crid: String(12_340_000 + tenant),
  mid: String(900_000_000 + tenant),
});

/** The forms in which the texts, postal codes and CRIDs of a tenant occur in a request to a provider. */
const marks = [/tenant-(\d{3})/gi, /\b30(1\d\d)\b/g, /\b12340(\d{3})\b/g];
const tenantsIn = (text: string, forms = marks) =>
  new Set(forms.flatMap((form) => [...text.matchAll(form)].map(([, digits]) => Number(digits) % 100)));

const numbersIn = (value: unknown) => JSON.stringify(value ?? '').match(/\b9\d{21}\b/g) ?? [];

/** The tenant whose credentials a request to USPS carries: its token names the client, and so does the request for it. */
function callerOfUsps(authorization = '', body: any): number | undefined {
  const claims = authorization.split('.')[1];
  const client = claims ? JSON.parse(Buffer.from(claims, 'base64url').toString()).azp : body?.client_id;
  const tenant = /^client-(\d+)$/.exec(client)?.[1];
  return tenant === undefined ? undefined : Number(tenant);
}
function callerOfEasyPost(authorization = ''): number | undefined {
  const tenant = /EZTKtenant(\d+)/.exec(Buffer.from(authorization.slice(6), 'base64').toString())?.[1];
  return tenant === undefined ? undefined : Number(tenant);
}

export async function openWorld(tenants: number, storage: Config['storage'], folder: string): Promise<World> {
  const clock = testClock('2026-11-18T18:00:00Z');
  const indices = Array.from({ length: tenants }, (_, tenant) => tenant);
  const quota = 1_000_000;
  const uspsEmulator = await startUsps({ clock, store: openStore(), clients: indices.map(clientOf), quota });
  const keys = indices.map((tenant) => ({ key: easypostKeyOf(tenant), user: `user_${tenant}` }));
  const easypostEmulator = await startEasyPost({ clock, store: openStore(), keys });
  for (const tenant of indices)
    for (let parcel = 0; parcel < parcelsOfTenant; parcel += 1)
      uspsEmulator.parcel({ trackingNumber: numberOf(tenant, parcel) });

  const calls: Record<string, number> = { usps: 0, easypost: 0 };
  const crossings: string[] = [];
  /** The tracking numbers that each tenant asked for, own and foreign ones. */
  const asked = indices.map(() => new Set<string>());
  const watch = (name: string, emulator: Emulator, callerOf: typeof callerOfUsps) =>
    emulator.onRequest(({ method, url, headers, body }) => {
      const caller = callerOf(headers.authorization, body);
      const named = [...tenantsIn(decodeURIComponent(url) + JSON.stringify(body ?? ''))];
      const numbers = url.includes('/tracking') ? numbersIn(body) : [];
      // A label is downloaded without credentials, from a link that nobody else has.
      const foreign =
        named.some((tenant) => tenant !== caller) ||
        numbers.some((number) => caller === undefined || !asked[caller]!.has(number));
      if (foreign)
        crossings.push(`${name} ${method} ${url}: under the credentials of ${caller}, of ${named.join()}`);
      else if (named.length + numbers.length > 0) calls[name]! += 1;
    });
  watch('usps', uspsEmulator, callerOfUsps);
  watch('easypost', easypostEmulator, callerOfEasyPost);

  const accountDefaults = { environment: 'TEST' as const, quota: { default: quota } };
  const configs = indices.map((tenant): TenantConfig => {
    const name = markOf(tenant);
    return {
      id: name,
      name,
      apiKeys: [toApiKeyConfig(keyOf(tenant))],
      watch: { purchased: false },
      accounts: [
        {
          ...accountDefaults,
          id: 'usps',
          provider: usps,
          name: `${name} at USPS`,
          baseUrl: uspsEmulator.url,
          credentials: uspsCredentials(clientOf(tenant)),
          options: usps.options.parse({ rateCard: {} }),
          rateCacheMs: 15 * 60_000,
        },
        {
          ...accountDefaults,
          id: 'easypost',
          provider: easypost,
          name: `${name} at EasyPost`,
          baseUrl: easypostEmulator.url,
          credentials: easypost.credentials.parse({ apiKey: easypostKeyOf(tenant) }),
          options: easypost.options.parse({}),
          rateCacheMs: 0,
        },
      ],
    };
  });
  const secret = 'a secret of more than thirty-two characters';
  const app = await startApp(
    { logLevel: 'error', host: '127.0.0.1', port: 0, storage, dataDir: folder, secret, tenants: configs },
    { log: pino({ level: 'silent' }), clock },
  );
  return {
    tenants,
    calls,
    crossings,
    async ask(tenant, query, variables) {
      for (const number of numbersIn(variables)) asked[tenant]!.add(number);
      const answer = await ask<any>(app.url, query, variables, keyOf(tenant));
      if (!answer.data) throw new Error(answer.errors?.map(({ message }) => message).join(' '));
      const foreign = [...tenantsIn(JSON.stringify(answer), [marks[0]!])].filter((each) => each !== tenant);
      if (foreign.length > 0) crossings.push(`${query}: asked by ${tenant}, has texts of ${foreign.join()}`);
      return answer;
    },
    advance: clock.advance,
    async close() {
      await app.close();
      await Promise.all([uspsEmulator.close(), easypostEmulator.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
