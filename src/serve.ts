import { once } from 'node:events';
import { createServer } from 'node:net';

import { pino } from 'pino';

import { userMessage, wantsHelp } from './cli/run.ts';
import { readConfig, type Config } from './config/config.ts';
import { sandboxKey } from './config/api-key.ts';
import { createApp, type App } from './app.ts';
import { createRedaction } from './domain/redaction.ts';
import { createLog } from './log.ts';

/** The body of the first query, in lines that fit a terminal. */
const firstQuery = `{
  "query": "query ($input: RatesInput!) { rates(input: $input) { rates { carrier price { amount } } failures { message } } }",
  "variables": { "input": {
    "from": { "country": "US", "postalCode": "20260" },
    "to": { "country": "US", "postalCode": "94107" },
    "parcels": [{
      "weight": { "value": 20, "unit": "OUNCE" },
      "dimensions": { "length": 10, "width": 8, "height": 4, "unit": "INCH" }
    }]
  } }
}`;

/** Returns the text that is printed once the server listens. */
function banner(url: string, sandbox: App['sandbox']): string {
  if (!sandbox) return `Parcelgraph listens at ${url}/graphql`;
  const providers = sandbox.tenant.accounts.map(({ provider }) => provider.name);
  const numbers = sandbox.exampleNumbers.map(({ trackingNumber, provider }) => `${trackingNumber} (${provider})`); // prettier-ignore
  return `
Parcelgraph is ready at ${url}/graphql
  GraphiQL, with examples; works offline: ${url}/graphiql
  A parcel's journey, live: ${url}/track#${sandbox.exampleNumbers[0]?.trackingNumber ?? ''}
  Tools for agents, by the Model Context Protocol: ${url}/mcp
  Key: ${sandboxKey}   (Authorization: Bearer ${sandboxKey})
  Providers: emulated ${new Intl.ListFormat('en-GB').format(providers)}; no purchase is real

A first query:

curl -s ${url}/graphql -H 'authorization: Bearer ${sandboxKey}' -H 'content-type: application/json' -d @- <<'JSON'
${firstQuery}
JSON

Numbers to track: ${numbers.join(', ')}
Stop with Ctrl-C.
`;
}

/** Describes an error that a user can solve in a sentence, and any other by its stack. */
function describeError(error: unknown, config: Config | undefined): string {
  const message = userMessage(error);
  if (message !== undefined) return message;
  const { code, message: systemMessage, port = -1 } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE' && config) {
    return `Port ${config.port} is in use by another process. Stop that process, or choose another port: PORT=${config.port + 1} npm start`;
  }
  if (code === 'EACCES' && config) {
    // Without a port, the error is about a file or the socket in DATA_DIR.
    return port > 0
      ? `This user may not listen on port ${port} of ${config.host}.`
      : `DATA_DIR: ${systemMessage}`;
  }
  if ((code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') && config) {
    return `HOST ${config.host} is not an address of this machine.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Throws EADDRINUSE where the port is taken, so that no ledger is created for a server that can't listen. */
async function checkPort({ host, port }: Config): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

const usage = `Usage: npm start

Starts the server; without any configuration, with emulated providers. Environment variables configure it: README.md,
"Your own credentials".

Example: PORT=4001 DATA_DIR=.data npm start`;

/** Starts the server of `npm start`, and stops it on SIGINT or SIGTERM. An error of the start ends the process. */
export async function serve(): Promise<void> {
  if (wantsHelp()) {
    console.log(usage);
    return;
  }
  let config: Config | undefined;
  try {
    config = readConfig(process.env);
    await checkPort(config);
    const redaction = createRedaction();
    const log = createLog(config, pino.destination({ dest: 2, sync: false }), redaction);
    const app = await createApp(config, {
      log,
      addSecrets: redaction.addSecrets,
      onProgress: (line) => console.log(line),
      sandboxWebhooks: true,
    });
    const url = await app.listen();
    let stopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(1);
        stopping = true;
        console.log('Stopping: completing the requests in progress ...');
        app.close().then(
          () => process.exit(0),
          (error: unknown) => {
            console.error(error);
            process.exit(1);
          },
        );
      });
    }
    console.log(banner(url, app.sandbox));
  } catch (error) {
    console.error(describeError(error, config));
    process.exit(1);
  }
}
