import type { z } from 'zod';

/** Thrown with every fault of a configuration. No fault repeats a value, which may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Sentences of the form "PATH: what is wrong". */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super(`the configuration has ${count}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** The message about a missing value. */
export const isRequired = 'is required';

/** Validation options: a missing value is reported as such, rather than by its type. */
export const messages: { readonly error: z.core.$ZodErrorMap } = {
  error: ({ code, input }) => (input === undefined && code === 'invalid_type' ? isRequired : undefined),
};

/** Returns the setting to name for a path, where it is not the path itself. */
export type Rename = (path: readonly PropertyKey[]) => string | undefined;

/** Describes each issue by its path and kind. The invalid value is left out. */
export function describeFaults(error: z.ZodError, rename?: Rename): string[] {
  return error.issues.map((issue) => {
    const path = rename?.(issue.path) ?? (issue.path.map(String).join('.') || 'PARCELGRAPH_TENANTS');
    const detail =
      issue.code === 'unrecognized_keys'
        ? `there is no such setting: ${issue.keys.join(', ')}`
        : issue.message;
    return `${path}: ${detail}`;
  });
}
