import { suggestionList } from 'graphql/jsutils/suggestionList.js';

import { ConfigError } from '../config/faults.ts';
import { DataDirectoryInUse, LedgerFolderError } from '../storage/ledger-folder.ts';
import { NewerLedger } from '../storage/newer-ledger.ts';
import { LedgerUnavailable } from '../storage/unavailable.ts';

/** Returns the message of an error that the user can correct; undefined for any other error. */
export function userMessage(error: unknown): string | undefined {
  if (
    [ConfigError, DataDirectoryInUse, LedgerFolderError, NewerLedger].some((type) => error instanceof type)
  ) {
    return (error as Error).message;
  }
  if (error instanceof LedgerUnavailable) {
    return `The ledger cannot be opened: ${reasonOf(error.cause)}. Check DATABASE_URL or DATA_DIR.`;
  }
  return undefined;
}

/** An `AggregateError` of several connection attempts has no message, so the first attempt's is returned. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}

/** Returns the message of an error of `parseArgs`, with the option of the usage that is nearest to an unknown one. */
function argumentsFault(message: string, usage: string): string {
  const [, unknown] = /^Unknown option '(--?[^']+)'/.exec(message) ?? [];
  if (unknown === undefined) return message;
  const [nearest] = suggestionList(unknown, [...(usage.match(/--[a-z][a-z-]*/g) ?? []), '--help']);
  return `There is no option ${unknown}.${nearest ? ` Did you mean ${nearest}?` : ''}`;
}

/** Tells whether the arguments ask for the usage; what follows `--` is no option. */
export function wantsHelp(args: readonly string[] = process.argv.slice(2)): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((argument) => argument === '--help' || argument === '-h');
}

/**
 * Runs a command. `--help` prints its usage: one line, the options, an example. An error is printed without its stack, an
 * error in the arguments with the usage.
 */
export function run(main: () => void | Promise<void>, usage: string): void {
  if (wantsHelp()) {
    console.log(usage);
    return;
  }
  const describe = (error: unknown): string => {
    if (!(error instanceof Error)) return String(error);
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code.startsWith('ERR_PARSE_ARGS')) return `${argumentsFault(message, usage)}\n\n${usage}`;
    return userMessage(error) ?? message;
  };
  // The async wrapper catches what `main` throws synchronously, too.
  void (async () => main())().catch((error: unknown) => {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  });
}
