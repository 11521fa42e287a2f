import type { z } from 'zod';

import type { Provider } from '../carriers/provider.ts';
import { providers } from '../carriers/registry.ts';
import { accountSchema, toAccountConfig, type AccountConfig, type ValidAccount } from '../config/account.ts';
import { isRequired, messages } from '../config/faults.ts';
import { throwIfInvalid, type UserError } from '../domain/errors.ts';
import type { AccountInput } from '../domain/tenant.ts';

/** What stands beside the options in the input of an account. */
const identity = new Set(['id', 'provider', 'environment', 'credentials']);

/**
 * Validates an account that is set at run time, by the rules of the tenants file and two more: a secret names neither a
 * variable nor a file, and a host is one of the provider's or one that the configuration names. Throws an `InputError`.
 *
 * @param configured the accounts of the configuration. Those of the sandbox give an account SANDBOX its hosts and quota.
 */
export function readAccountInput(input: AccountInput, configured: readonly AccountConfig[]): AccountConfig {
  const known = configured.filter((account) => hasHostsFor(input, account));
  throwIfInvalid([...checkIdentity(input, known), ...checkOptions(input), ...checkReferences(input)]);
  const config = parseInput(input, known);
  throwIfInvalid([...checkBaseUrl(config, known), ...checkHostOptions(input, config, known)]);
  return config;
}

/** Tells whether the hosts of a configured account may be those of the input. The sandbox counts as a test environment. */
const hasHostsFor = ({ provider, environment }: AccountInput, account: AccountConfig) =>
  account.provider.id === provider &&
  (account.environment === environment || (account.environment === 'SANDBOX' && environment === 'TEST'));

const findEmulated = (known: readonly AccountConfig[]) =>
  known.find(({ environment }) => environment === 'SANDBOX');

/** Validates by the schemas of the tenants file, in which the sandbox is a test environment. */
function parseInput(input: AccountInput, known: readonly AccountConfig[]): AccountConfig {
  const { id, provider, environment, credentials, options } = input;
  const isSandbox = environment === 'SANDBOX';
  const account = {
    ...(isSandbox ? sandboxSettings(findEmulated(known)!) : {}),
    ...options,
    ...{ id, provider, credentials, environment: isSandbox ? 'TEST' : environment },
  };
  const { data, error } = accountSchema.safeParse(account, messages);
  throwIfInvalid(error ? toUserErrors(error) : []);
  const config = toAccountConfig(data as unknown as ValidAccount);
  return isSandbox ? { ...config, environment: 'SANDBOX' } : config;
}

function* checkIdentity(input: AccountInput, known: readonly AccountConfig[]): Iterable<UserError> {
  const ids = providers.map(({ id }) => id);
  if (!ids.includes(input.provider)) yield invalid(['provider'], `must be one of ${ids.join(', ')}`);
  else if (input.environment === 'SANDBOX' && findEmulated(known) === undefined)
    yield invalid(['environment'], 'is for a server that runs the emulated providers: use TEST or PRODUCTION'); // prettier-ignore
}

const invalid = (path: readonly PropertyKey[], message: string): UserError => ({
  code: message === isRequired ? 'REQUIRED' : 'INVALID',
  field: ['input', ...(identity.has(String(path[0])) ? [] : ['options']), ...path.map(String)],
  message,
});

function* checkOptions({ options }: AccountInput): Iterable<UserError> {
  for (const name of Object.keys(options))
    if (identity.has(name)) yield { ...invalid([], 'is no option: it stands beside them'), field: ['input', 'options', name] }; // prettier-ignore
}

/** Names of variables and files are for whoever has the server's machine. */
function* checkReferences({ credentials }: AccountInput): Iterable<UserError> {
  for (const [name, value] of Object.entries(credentials ?? {})) {
    if (typeof value === 'object' && value !== null && ('env' in value || 'file' in value))
      yield invalid(['credentials', name], 'names a variable or a file, which only the tenants file may: send the secret itself'); // prettier-ignore
  }
}

/** The settings with which the server's own sandbox account calls an emulated provider. */
const sandboxSettings = ({ provider, baseUrl, quota, options }: AccountConfig) => ({
  baseUrl,
  quota,
  ...Object.fromEntries((provider.hostOptions ?? []).map((name) => [name, optionOf(options, name)])),
});

const optionOf = (options: unknown, name: string) => (options as Readonly<Record<string, unknown>>)[name];

const toUserErrors = (error: z.ZodError): UserError[] =>
  error.issues.map(({ path, ...issue }) =>
    // The log has the path of an error, and a name that does not exist may be a secret in the wrong place.
    issue.code === 'unrecognized_keys'
      ? invalid(path, `there is no such setting: ${issue.keys.join(', ')}`)
      : invalid(path, issue.message),
  );

function checkBaseUrl({ provider, environment, baseUrl }: AccountConfig, known: readonly AccountConfig[]) {
  const hosts = new Set([hostOf(provider, environment), ...known.map((account) => account.baseUrl)]);
  if (hosts.has(baseUrl)) return [];
  const message = `is no host of ${provider.name}: leave it out, or have the operator of this server configure an account with it`;
  return [invalid(['baseUrl'], message)];
}

const hostOf = ({ hosts }: Provider, environment: AccountConfig['environment']) =>
  environment === 'SANDBOX' ? undefined : hosts[environment];

/** Options that name hosts, which the credentials or documents are sent to. */
function checkHostOptions(
  input: AccountInput,
  { provider, options }: AccountConfig,
  known: readonly AccountConfig[],
): UserError[] {
  const given = (provider.hostOptions ?? []).filter((name) => name in input.options);
  const isKnown = (name: string) => {
    const value = JSON.stringify(optionOf(options, name));
    return known.some((account) => JSON.stringify(optionOf(account.options, name)) === value);
  };
  return given
    .filter((name) => !isKnown(name))
    .map((name) => invalid([name], 'names a host that no configured account names: leave it out'));
}
