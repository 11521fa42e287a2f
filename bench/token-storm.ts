import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSandbox } from '../sandbox/index.ts';
import { systemClock } from '../sandbox/clock.ts';
import { createDatabase } from './database.ts';
import { startReplica, type Replica } from './replica.ts';

/**
 * Counts the token calls of 1,000 requests at once, by ten tenants with an account at USPS and one at EasyPost Connect
 * each, through two replicas on one database: without any token, and after all of them were revoked. Needs
 * `DATABASE_URL`: `npm run bench:token-storm`.
 */

const tenantNames = Array.from({ length: 10 }, (_, index) => `tenant-${index}`);
const requests = 1_000;

const verify = `query ($address: AddressInput!) {
  addressVerification(address: $address, accountId: "usps") { status failures { code } } }`;
const listJobs = '{ mailJobs(first: 1) { nodes { id } } }';

async function askAtOnce(replicas: readonly Replica[], round: string): Promise<number> {
  const started = performance.now();
  await Promise.all(
    Array.from({ length: requests }, (_, number) => {
      const replica = replicas[number % 2]!;
      const key = `${tenantNames[Math.floor(number / 4) % 10]}-key`;
      const address = { street1: `${number} Elm Street`, street2: round, city: 'Springfield', state: 'IL', country: 'US' }; // prettier-ignore
      return number % 4 < 2 ? replica.ask(key, verify, { address }) : replica.ask(key, listJobs);
    }),
  );
  return performance.now() - started;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
  const database = await createDatabase();
  const sandbox = await startSandbox({ clock: systemClock, folder, quota: 1_000_000 });
  const { usps, easypostConnect } = sandbox;
  const credentialsOf = (provider: string) =>
    sandbox.accounts.find((account) => account.provider === provider)!.variables;
  const uspsVariables = credentialsOf('usps');
  const connectVariables = credentialsOf('easypost-connect');
  const accounts = [
    {
      id: 'usps',
      provider: 'usps',
      environment: 'TEST',
      baseUrl: usps.url,
      quota: { default: 1_000_000 },
      credentials: {
        clientId: uspsVariables.USPS_CLIENT_ID,
        clientSecret: uspsVariables.USPS_CLIENT_SECRET,
      },
    },
    {
      id: 'easypost-connect',
      provider: 'easypost-connect',
      environment: 'TEST',
      baseUrl: easypostConnect.url,
      oauthUrl: easypostConnect.oauth.url,
      credentials: {
        clientId: connectVariables.EASYPOST_CONNECT_CLIENT_ID,
        clientSecret: connectVariables.EASYPOST_CONNECT_CLIENT_SECRET,
        apiKey: connectVariables.EASYPOST_CONNECT_API_KEY,
        certificate: { file: connectVariables.EASYPOST_CONNECT_CERT_FILE },
        privateKey: { file: connectVariables.EASYPOST_CONNECT_KEY_FILE },
        ca: { file: connectVariables.EASYPOST_CONNECT_CA_FILE },
      },
    },
  ];
  const tenants = tenantNames.map((id) => ({ id, apiKeys: [`${id}-key`], accounts }));
  const replicas: Replica[] = [];
  const tokenCalls = () => usps.count('POST', /\/token$/) + easypostConnect.oauth.count('POST', /\/token$/);
  try {
    for (let number = 0; number < 2; number++) replicas.push(await startReplica(tenants, database.url));
    const measure = async (name: string, round: string) => {
      const before = tokenCalls();
      const milliseconds = await askAtOnce(replicas, round);
      console.log(`${name}: ${tokenCalls() - before} token calls for ${requests} requests, ${(milliseconds / 1000).toFixed(1)} s`); // prettier-ignore
    };
    await measure('without any token', 'cold');
    await usps.revokeTokens();
    easypostConnect.revokeTokens();
    await measure('after all were revoked', 'revoked');
    await measure('with tokens', 'warm');
  } finally {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await sandbox.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
