import { ConfigError } from '../config/faults.ts';
import { DataDirectoryInUse } from '../storage/data-directory-lock.ts';
import { LedgerUnavailable } from '../storage/unavailable.ts';

/** Returns the message of an error that the user can correct; undefined for any other error. */
export function userMessage(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof DataDirectoryInUse) return error.message;
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

/** Runs a command. An error is printed without its stack, an error in the arguments with the usage. */
export function run(main: () => void | Promise<void>, usage: string): void {
  const describe = (error: unknown): string => {
    if (!(error instanceof Error)) return String(error);
    const { code = '' } = error as NodeJS.ErrnoException;
    return (
      userMessage(error) ??
      (code.startsWith('ERR_PARSE_ARGS') ? `${error.message}\n\n${usage}` : error.message)
    );
  };
  // The async wrapper catches what `main` throws synchronously, too.
  void (async () => main())().catch((error: unknown) => {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  });
}
