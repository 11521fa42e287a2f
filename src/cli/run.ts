import { ConfigError } from '../config/config.ts';
import { DataDirectoryInUse } from '../storage/data-directory-lock.ts';
import { LedgerUnavailable } from '../storage/unavailable.ts';

/** What a person can mend, in a sentence; undefined for anything else. */
export function userMessage(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof DataDirectoryInUse) return error.message;
  if (error instanceof LedgerUnavailable) {
    return `The ledger can not be opened: ${reasonOf(error.cause)}. Check DATABASE_URL or DATA_DIR.`;
  }
  return undefined;
}

/** Of several addresses that were tried the first; together they have no message. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}

/** Runs a command: what goes wrong is told without a stack, and how it is called where nobody can call it so. */
export function run(main: () => void | Promise<void>, usage: string): void {
  const told = (error: unknown): string => {
    if (!(error instanceof Error)) return String(error);
    const { code = '' } = error as NodeJS.ErrnoException;
    return (
      userMessage(error) ??
      (code.startsWith('ERR_PARSE_ARGS') ? `${error.message}\n\n${usage}` : error.message)
    );
  };
  // What is thrown at once is told in the same way.
  void (async () => main())().catch((error: unknown) => {
    process.stderr.write(`${told(error)}\n`);
    process.exitCode = 1;
  });
}
