import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

import type { Clock } from '../clock.ts';
import type { EmulatedProvider } from '../emulated-provider.ts';
import { startEmulator, type Emulator } from '../emulator.ts';
import type { Store } from '../store.ts';
import { openAuthority, openPair, type Authority, type Pair } from './authority.ts';
import { jobRoutes, jobsOf, uploadRoutes, type Upload } from './jobs.ts';
import { seedJobs, type ConnectClient, type ConnectState } from './state.ts';
import { revokeTokens, tokenRoutes } from './token.ts';

export { openAuthority } from './authority.ts';
export type { ConnectClient } from './state.ts';

export const easypostConnectSandboxClient: ConnectClient = {
  id: 'parcelgraph-connect',
  secret: 'parcelgraph-connect-secret',
  apiKey: 'parcelgraph-connect-key',
};

/** A workflow that is validated in the portal, and one that is not. */
export const easypostConnectSandboxWorkflows = { validated: 'wf-letters', draft: 'wf-draft' };

export interface EasyPostConnectOptions {
  readonly clock: Clock;
  readonly store: Store;
  /** The folder for the authority's and the account's certificates and keys. Default: in memory. */
  readonly folder?: string;
  readonly port?: number;
  readonly oauthPort?: number;
  /** Default: `easypostConnectSandboxClient`. */
  readonly client?: ConnectClient;
  /** The number of jobs that exist from the start. Default: 250. */
  readonly jobs?: number;
}

/**
 * The emulated EasyPost Connect. The emulator itself is the API host, which requires a client certificate; `oauth` is
 * the host that grants tokens and takes uploads, in plain http.
 */
export interface EasyPostConnectSandbox extends Emulator {
  readonly oauth: Emulator;
  /** The account's certificate and key, and the authority that it trusts, all PEM. */
  readonly client: Pair & { readonly ca: string };
  /** Paths of the same. Default: none, where the emulator has no folder. */
  readonly files?: { readonly certificate: string; readonly privateKey: string; readonly ca: string };
  /** The portal's authority, which signs requests. */
  readonly authority: Authority;
  /** How a list of jobs is wrapped, which is not documented. */
  envelope: ConnectState['envelope'];
  /** Common names of the client certificates of all calls, in order. */
  readonly certificateNames: readonly string[];
  uploads(): Upload[];
  jobs(): { id: string; status: string }[];
  /** Makes every granted token invalid. */
  revokeTokens(): void;
}

export async function startEasyPostConnect(options: EasyPostConnectOptions): Promise<EasyPostConnectSandbox> {
  const { clock, store, folder, client = easypostConnectSandboxClient } = options;
  const authority = openAuthority(openPair(folder, 'ca', () => openAuthority().pair));
  const serverPair = openPair(folder, 'server', () => authority.server());
  const clientPair = openPair(folder, 'client', () => authority.issue('parcelgraph-sandbox'));
  const { validated, draft } = easypostConnectSandboxWorkflows;
  const state: ConnectState = {
    clock,
    store,
    client,
    workflows: new Map([
      [validated, true],
      [draft, false],
    ]),
    envelope: 'array',
    uploadUrl: () => '',
  };
  seedJobs(state, options.jobs ?? 250, validated);
  const certificateNames: string[] = [];
  const oauth = await startOAuthHost(state, options.oauthPort);
  state.uploadUrl = (id, signature) => `${oauth.url}/uploads/${id}?signature=${signature}`;
  const api = await startApiHost(state, authority, serverPair, certificateNames, options.port);
  return {
    ...api,
    oauth,
    client: { ...clientPair, ca: authority.certificate },
    files: folder === undefined ? undefined : { certificate: join(folder, 'client.pem'), privateKey: join(folder, 'client.key'), ca: join(folder, 'ca.pem') }, // prettier-ignore
    authority,
    get envelope() {
      return state.envelope;
    },
    set envelope(envelope) {
      state.envelope = envelope;
    },
    certificateNames,
    uploads: () => store.all<Upload>('connect.upload'),
    jobs: () => jobsOf(state),
    revokeTokens: () => revokeTokens(store),
    close: async () => void (await Promise.all([api.close(), oauth.close()])),
  };
}

function startOAuthHost(state: ConnectState, port: number | undefined): Promise<Emulator> {
  return startEmulator(
    async (app) => {
      await tokenRoutes(app, state);
      uploadRoutes(app, state);
    },
    { port },
  );
}

function startApiHost(
  state: ConnectState,
  authority: Authority,
  pair: Pair,
  certificateNames: string[],
  port: number | undefined,
): Promise<Emulator> {
  return startEmulator(
    (app) => {
      app.addHook('onRequest', async ({ raw }) => {
        certificateNames.push(String((raw.socket as TLSSocket).getPeerCertificate().subject?.CN));
      });
      jobRoutes(app, state);
    },
    {
      port,
      // A handshake without a certificate of this authority fails (inferred).
      https: {
        key: pair.privateKey,
        cert: pair.certificate,
        ca: authority.certificate,
        requestCert: true,
        rejectUnauthorized: true,
      },
    },
  );
}

export const easypostConnect: EmulatedProvider<EasyPostConnectSandbox> = {
  id: 'easypost-connect',
  name: 'EasyPost Connect',
  ports: { EASYPOST_CONNECT_PORT: 4012, EASYPOST_CONNECT_OAUTH_PORT: 4013 },
  start: ({ clock, store, folder, ports }) =>
    startEasyPostConnect({
      clock,
      store,
      folder,
      port: ports?.EASYPOST_CONNECT_PORT,
      oauthPort: ports?.EASYPOST_CONNECT_OAUTH_PORT,
    }),
  variables: ({ url, oauth, files }) => ({
    EASYPOST_CONNECT_BASE_URL: url,
    EASYPOST_CONNECT_OAUTH_URL: oauth.url,
    EASYPOST_CONNECT_CLIENT_ID: easypostConnectSandboxClient.id,
    EASYPOST_CONNECT_CLIENT_SECRET: easypostConnectSandboxClient.secret,
    EASYPOST_CONNECT_API_KEY: easypostConnectSandboxClient.apiKey,
    ...(files && {
      EASYPOST_CONNECT_CERT_FILE: files.certificate,
      EASYPOST_CONNECT_KEY_FILE: files.privateKey,
      EASYPOST_CONNECT_CA_FILE: files.ca,
    }),
  }),
};
