import { systemClock } from './clock.ts';
import { sandboxAccess, startSandbox } from './index.ts';

/** Runs the emulated providers alone, on ports that stay the same. */
const sandbox = await startSandbox({
  clock: systemClock,
  folder: process.env.SANDBOX_DIR ?? '.data/sandbox',
  quota: process.env.SANDBOX_QUOTA ? Number(process.env.SANDBOX_QUOTA) : undefined,
  deliverEvery: 2_000,
  ports: {
    usps: Number(process.env.USPS_PORT ?? 4010),
    easypost: Number(process.env.EASYPOST_PORT ?? 4011),
    easypostConnect: Number(process.env.EASYPOST_CONNECT_PORT ?? 4012),
    easypostConnectOauth: Number(process.env.EASYPOST_CONNECT_OAUTH_PORT ?? 4013),
  },
});
const { usps, easypostKey, easypostConnect: connect, numbers } = sandboxAccess;
const files = sandbox.easypostConnect.files!;

console.log(`
The emulated providers are ready. Point a server at them:

USPS_BASE_URL=${sandbox.usps.url} \\
USPS_CLIENT_ID=${usps.id} USPS_CLIENT_SECRET=${usps.secret} \\
USPS_CRID=${usps.crid} USPS_MID=${usps.mid} USPS_MANIFEST_MID=${usps.manifestMid} \\
USPS_ACCOUNT_TYPE=EPS USPS_ACCOUNT_NUMBER=${usps.accountNumber} \\
EASYPOST_BASE_URL=${sandbox.easypost.url} EASYPOST_API_KEY=${easypostKey} \\
EASYPOST_CONNECT_BASE_URL=${sandbox.easypostConnect.url} EASYPOST_CONNECT_OAUTH_URL=${sandbox.easypostConnect.oauth.url} \\
EASYPOST_CONNECT_CLIENT_ID=${connect.id} EASYPOST_CONNECT_CLIENT_SECRET=${connect.secret} EASYPOST_CONNECT_API_KEY=${connect.apiKey} \\
EASYPOST_CONNECT_CERT_FILE=${files.certificate} EASYPOST_CONNECT_KEY_FILE=${files.privateKey} \\
EASYPOST_CONNECT_CA_FILE=${files.ca} \\
PARCELGRAPH_API_KEY=my-own-key PARCELGRAPH_SECRET=$(openssl rand -hex 32) npm start

Two numbers to track: ${numbers.usps} (USPS), ${numbers.easypost} (EasyPost)
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
}
