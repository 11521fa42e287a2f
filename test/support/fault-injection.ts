import type { Dialect } from 'kysely';

import { observeStatements } from './observe-statements.ts';

/** A database driver whose statements fail on request, with the code of a lost or full database. */
export interface FaultyDatabase {
  readonly wrapDialect: (dialect: Dialect) => Dialect;
  /** Fails every statement that matches, from now on. */
  fail(code: string, statement?: RegExp): void;
  /** Fails every statement from the first one that matches. */
  failFrom(code: string, statement: RegExp): void;
  restore(): void;
}

export function createFaultyDatabase(): FaultyDatabase {
  let fault: { code: string; statement: RegExp; lasting: boolean } | undefined;
  const throwIfFaulty = (statement: string) => {
    if (!fault?.statement.test(statement)) return;
    if (fault.lasting) fault.statement = /(?:)/;
    throw Object.assign(new Error(`the database fails on purpose: ${fault.code}`), { code: fault.code });
  };
  return {
    wrapDialect: (dialect) => observeStatements(dialect, (query) => throwIfFaulty(query.sql)),
    fail: (code, statement = /(?:)/) => void (fault = { code, statement, lasting: false }),
    failFrom: (code, statement) => void (fault = { code, statement, lasting: true }),
    restore: () => void (fault = undefined),
  };
}
