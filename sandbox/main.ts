import { systemClock } from './clock.ts';
import { emulatedProviders, startSandbox } from './index.ts';

if (process.argv.includes('--help')) {
  console.log(`Usage: npm run sandbox

Runs the emulated providers without a server, on fixed ports, and prints the settings that point a server at them.
  SANDBOX_DIR     the folder of their state. Default: .data/sandbox
  SANDBOX_QUOTA   the calls an hour of USPS; the real figure is 60. Default: 60
  ${emulatedProviders.flatMap(({ ports }) => Object.entries(ports).map(([name, port]) => `${name}=${port}`)).join(', ')}

Example: USPS_PORT=4100 npm run sandbox`);
  process.exit(0);
}

const { env } = process;
const ports = Object.fromEntries(
  emulatedProviders
    .flatMap((provider) => Object.entries(provider.ports))
    .map(([variable, port]) => [variable, Number(env[variable] ?? port)]),
);

/** Runs the emulated providers without a server, on fixed ports. */
const sandbox = await startSandbox({
  clock: systemClock,
  folder: env.SANDBOX_DIR ?? '.data/sandbox',
  quota: env.SANDBOX_QUOTA ? Number(env.SANDBOX_QUOTA) : undefined,
  speed: env.SANDBOX_SPEED ? Number(env.SANDBOX_SPEED) : undefined,
  deliverEvery: 2_000,
  ports,
});

const variables = sandbox.accounts.map((account) =>
  Object.entries(account.variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
);
const numbers = sandbox.accounts
  .filter(({ exampleNumber }) => exampleNumber !== undefined)
  .map(({ name, exampleNumber }) => `${exampleNumber} (${name})`);

console.log(`
The emulated providers are ready. Start a server that calls them:

${variables.join(' \\\n')} \\
PARCELGRAPH_API_KEY=my-own-key PARCELGRAPH_SECRET=$(openssl rand -hex 32) npm start

Numbers to track: ${numbers.join(', ')}
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
}
