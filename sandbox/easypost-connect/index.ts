import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

import type { Clock } from '../clock.ts';
import { startEmulator, type Emulator } from '../emulator.ts';
import type { Store } from '../store.ts';
import { keptPair, openAuthority, type Authority, type Pair } from './authority.ts';
import { jobRoutes, jobsOf, uploadRoutes, type Upload } from './jobs.ts';
import { tokenRoutes } from './token.ts';
import { seedJobs, type ConnectClient, type ConnectState } from './state.ts';

export { openAuthority } from './authority.ts';
export type { ConnectClient } from './state.ts';

export const easypostConnectSandboxClient: ConnectClient = {
  id: 'parcelgraph-connect',
  secret: 'parcelgraph-connect-secret',
  apiKey: 'parcelgraph-connect-key',
};

/** The workflow that was validated, and one that was not. */
export const easypostConnectSandboxWorkflows = { validated: 'wf-letters', draft: 'wf-draft' };

export interface EasyPostConnectOptions {
  readonly clock: Clock;
  readonly store: Store;
  /** Where its authority and the account's pair are kept; in memory only when left out. */
  readonly folder?: string;
  readonly port?: number;
  readonly oauthPort?: number;
  /** Default: `easypostConnectSandboxClient`. */
  readonly client?: ConnectClient;
  /** Jobs that are there from the beginning. Default: 250. */
  readonly jobs?: number;
}

/**
 * The emulated EasyPost Connect: an API host that wants a client certificate, which is the emulator itself, and beside
 * it on plain http the host that grants tokens and takes files.
 */
export interface EasyPostConnectSandbox extends Emulator {
  readonly oauth: Emulator;
  /** What an account needs for the handshake. */
  readonly client: Pair & { readonly ca: string };
  /** The files of the same, where there is a folder. */
  readonly files?: { readonly certificate: string; readonly privateKey: string; readonly ca: string };
  /** The portal's authority, which signs requests. */
  readonly authority: Authority;
  /** How a list of jobs is wrapped: the documents do not tell. */
  envelope: ConnectState['envelope'];
  /** Names in the certificates of calls that were answered, in order. */
  readonly shown: readonly string[];
  /** Files that were put, whole. */
  uploads(): Upload[];
  jobs(): { id: string; status: string }[];
  /** Tokens that were granted end now. */
  forgetTokens(): void;
}

export async function startEasyPostConnect(options: EasyPostConnectOptions): Promise<EasyPostConnectSandbox> {
  const { clock, store, folder, port, oauthPort, client = easypostConnectSandboxClient } = options;
  const authority = openAuthority(keptPair(folder, 'ca', () => openAuthority().pair));
  const server = keptPair(folder, 'server', () => authority.server());
  const own = keptPair(folder, 'client', () => authority.issue('parcelgraph-sandbox'));
  const shown: string[] = [];
  const world: ConnectState = {
    clock,
    store,
    client,
    workflows: new Map([
      [easypostConnectSandboxWorkflows.validated, true],
      [easypostConnectSandboxWorkflows.draft, false],
    ]),
    envelope: 'array',
    uploadUrl: () => '',
  };
  seedJobs(world, options.jobs ?? 250, easypostConnectSandboxWorkflows.validated);
  const oauth = await startEmulator(
    async (app) => {
      await tokenRoutes(app, world);
      uploadRoutes(app, world);
    },
    { port: oauthPort },
  );
  world.uploadUrl = (id, signature) => `${oauth.url}/uploads/${id}?signature=${signature}`;
  const api = await startEmulator(
    (app) => {
      app.addHook('onRequest', async ({ raw }) => {
        shown.push(String((raw.socket as TLSSocket).getPeerCertificate().subject?.CN));
      });
      jobRoutes(app, world);
    },
    {
      port,
      // Without a certificate of this authority the handshake fails (inferred).
      https: {
        key: server.privateKey,
        cert: server.certificate,
        ca: authority.certificate,
        requestCert: true,
        rejectUnauthorized: true,
      },
    },
  );
  return {
    ...api,
    oauth,
    client: { ...own, ca: authority.certificate },
    files: folder === undefined ? undefined : { certificate: join(folder, 'client.pem'), privateKey: join(folder, 'client.key'), ca: join(folder, 'ca.pem') }, // prettier-ignore
    authority,
    get envelope() {
      return world.envelope;
    },
    set envelope(envelope) {
      world.envelope = envelope;
    },
    shown,
    uploads: () => store.all<Upload>('connect.upload'),
    jobs: () => jobsOf(world),
    forgetTokens() {
      for (const { value } of store.all<{ value: string }>('connect.token'))
        store.put('connect.token', value, { value, expiresAt: 0 });
    },
    close: async () => void (await Promise.all([api.close(), oauth.close()])),
  };
}
