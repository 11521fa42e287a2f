import { providers } from '../carriers/registry.ts';
import { run } from './run.ts';

const commands = providers.flatMap((provider) => provider.commands ?? []);
const usage = `Usage: npm run connect -- COMMAND

Prepares an account at its provider.

${commands.map((command) => command.usage).join('\n\n')}`;

/** Runs the provider command that the first argument names. */
run(async () => {
  const [name, ...args] = process.argv.slice(2);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw new Error(usage);
  console.log(await command.run(args));
}, usage);
