import type { Provider } from '../carriers/provider.ts';
import { providers } from '../carriers/registry.ts';
import type { Rename } from './faults.ts';
import type { Environment } from './settings.ts';

/** An account as a tenants file holds it, before validation. */
export type RawAccount = Record<string, unknown> & {
  readonly id: string;
  readonly provider: string;
  readonly credentials: object;
};

/** Prefixes of the providers' environment variables: "USPS_". */
export const variablePrefixes: readonly string[] = [
  ...new Set(
    providers.flatMap(({ variables }) => Object.keys(variables).map((name) => name.split('_')[0] + '_')),
  ),
];

/** The variable of each provider that an account needs first, such as its client id. */
export const firstVariables: readonly string[] = providers.flatMap(
  ({ variables }) => Object.keys(variables)[0] ?? [],
);

/** Returns whether a variable belongs to a provider, or looks as if it did. */
export function isProviderVariable(name: string): boolean {
  return variablePrefixes.some((prefix) => name.startsWith(prefix));
}

/** Returns an account for each provider whose variables are set. */
export function accountsOfVariables(env: Environment): RawAccount[] {
  return providers
    .filter(({ variables }) => Object.keys(variables).some((name) => env[name] !== undefined))
    .map((provider) => accountOfVariables(provider, env));
}

/** Builds a provider's account from its environment variables. Its alias is the provider's id. */
export function accountOfVariables({ id, variables }: Provider, env: Environment): RawAccount {
  const account: RawAccount = { id, provider: id, credentials: {} };
  for (const [name, path] of Object.entries(variables)) {
    if (env[name] === undefined) continue;
    const steps = path.split('.');
    const last = steps.pop()!;
    let target: Record<string, unknown> = account;
    for (const step of steps) target = (target[step] ??= {}) as Record<string, unknown>;
    target[last] = env[name];
  }
  return account;
}

/** Returns a function that names the variable behind a path of the single tenant, so that a fault names what was set. */
export const variableOfPath =
  (accounts: readonly RawAccount[]): Rename =>
  ([, , field, index, ...rest]) => {
    if (field === 'apiKeys') return 'PARCELGRAPH_API_KEY';
    const provider = providers.find(({ id }) => id === accounts[Number(index)]?.id);
    if (field !== 'accounts' || provider === undefined) return undefined;
    const setting = rest.join('.');
    const variable = Object.entries(provider.variables).find(
      ([, path]) => path === setting || path === `${setting}.file`,
    );
    return variable?.[0] ?? `${provider.id} ${setting}`;
  };
