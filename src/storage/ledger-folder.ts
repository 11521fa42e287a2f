import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The embedded ledger can't be opened. The message gives the reason and the next step. */
export class LedgerFolderError extends Error {
  override readonly name = 'LedgerFolderError';
}

/** The data directory is open in another process. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';

  constructor(folder: string) {
    super(
      `${folder} is open in another process. Stop that process, set DATA_DIR to another folder, or let both processes ` +
        'share a Postgres server through DATABASE_URL.',
    );
  }
}

/** Files without which Postgres does not start. */
const required = ['PG_VERSION', 'base', 'global/pg_control', 'pg_wal'];

/** Returns the folder of the embedded database within a data directory. */
export const databaseFolder = (folder: string) => join(folder, 'ledger');

/**
 * Checks a data directory before anything is written to it, and creates it where it does not exist. Returns whether it has
 * a database. With `mustExist`, a directory without one is refused, and not created. Throws a `LedgerFolderError`.
 */
export function checkLedgerFolder(folder: string, mustExist = false): boolean {
  try {
    const database = databaseFolder(folder);
    const exists = existsSync(database) && readdirSync(database).length > 0;
    if (!exists && mustExist) {
      throw new LedgerFolderError(
        `There is no ledger in ${folder}, and none was created: set DATA_DIR to the folder of your ledger, or start the server once to create one.`,
      );
    }
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!exists) return false;
    accessSync(database, constants.R_OK | constants.W_OK | constants.X_OK);
    const missing = required.filter((name) => !existsSync(join(database, name)));
    if (missing.length > 0) throw damaged(folder, `${missing.join(', ')} is missing`);
    return true;
  } catch (error) {
    throw toLedgerFolderError(folder, error);
  }
}

const damaged = (folder: string, reason: string, cause?: unknown) =>
  new LedgerFolderError(
    `The ledger in ${folder} is damaged (${reason}). No new one was created in its place: restore it as docs/ledger.md describes under "A damaged folder".`,
    { cause },
  );

/** Returns the sentence that belongs to an error of opening the embedded database. */
export function toLedgerFolderError(folder: string, error: unknown): LedgerFolderError {
  if (error instanceof LedgerFolderError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const sentence = sentences[code ?? '']?.(folder, code!);
  return sentence === undefined
    ? damaged(folder, firstLine(message), error)
    : new LedgerFolderError(sentence, { cause: error });
}

const notWritable = (folder: string, code: string) =>
  `The ledger in ${folder} can't be read and written by this user (${code}): make the user the owner of the folder, or set DATA_DIR to another.`;
const isFull = (folder: string, code: string) =>
  `The disk of the ledger in ${folder} is full (${code}): free some space, then start again.`;
const notFolder = (folder: string, code: string) =>
  `${folder} can't be a folder, since a file is in its place or in its path (${code}): set DATA_DIR to another.`;

const sentences: Readonly<Record<string, (folder: string, code: string) => string>> = {
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOSPC: isFull,
  EDQUOT: isFull,
  ENOTDIR: notFolder,
  EEXIST: notFolder,
};

const firstLine = (message: unknown) => String(message).split('\n', 1)[0]!.replace(/\.$/, '');
