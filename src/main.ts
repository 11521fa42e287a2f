import { pino } from 'pino';

import { userMessage } from './cli/run.ts';
import { readConfig, type Config } from './config/config.ts';
import { sandboxKey } from './auth/authenticate.ts';
import { examples } from './server/examples.ts';
import { createApp, type App } from './app.ts';

function banner(url: string, sandbox: App['sandbox']): string {
  if (!sandbox) return `Parcelgraph listens at ${url}/graphql`;
  const [first] = examples(sandbox.numbers);
  const { usps, easypost } = sandbox.numbers;
  return `
Parcelgraph is ready at ${url}/graphql
  GraphiQL, with examples and no internet needed: ${url}/graphiql
  Key: ${sandboxKey}   (Authorization: Bearer ${sandboxKey})
  Providers: emulated USPS, EasyPost and EasyPost Connect; nothing is bought for real

A first query:

curl -s ${url}/graphql -H 'authorization: Bearer ${sandboxKey}' -H 'content-type: application/json' -d '${JSON.stringify(
    { query: first!.query.replace(/\s+/g, ' '), variables: first!.variables },
  ).replaceAll("'", "'\\''")}'

Two numbers to track: ${usps} (USPS), ${easypost} (EasyPost)
Stop with Ctrl-C.
`;
}

/** What a person can mend, in a sentence; anything else with its stack. */
function explain(error: unknown, config: Config | undefined): string {
  const told = userMessage(error);
  if (told !== undefined) return told;
  const { code, message, port = -1 } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE' && config) {
    return `Port ${config.port} is taken by another process. Stop that one, or choose another: PORT=${config.port + 1} npm start`;
  }
  if (code === 'EACCES' && config) {
    // Otherwise it is a file, or the socket in the ledger's folder.
    return port > 0 ? `Port ${port} on ${config.host} is not allowed to this user.` : `DATA_DIR: ${message}`;
  }
  if ((code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') && config) {
    return `HOST ${config.host} is no address of this machine.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<void> {
  let config: Config | undefined;
  try {
    config = readConfig(process.env);
    const log = pino({ level: config.sandbox ? 'warn' : 'info' }, pino.destination(2));
    const app = await createApp(config, { log, onProgress: (line) => console.log(line) });
    const url = await app.listen();
    let stopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(1);
        stopping = true;
        console.log('Finishing what is under way ...');
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
    console.error(explain(error, config));
    process.exit(1);
  }
}

await main();
