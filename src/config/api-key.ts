import { z } from 'zod';

import { currencyCodes } from '../domain/codes.ts';
import { hashKey, keyName, type ApiKeyGrant } from '../domain/api-key.ts';
import { permissions, tenantPermissions } from '../domain/permission.ts';

/** The API key of the sandbox's tenant. It is accepted from loopback only. */
export const sandboxKey = 'sandbox';

/** An API key of a tenant, without the key itself. */
export interface ApiKeyConfig extends ApiKeyGrant {
  /** The SHA-256 of the key, in hex. */
  readonly hash: string;
}

/** Validates an API key as callers send it in the Authorization header, or its digest: "sha256:<hex>". */
export const apiKey = z
  .string()
  .min(8, 'must have at least 8 characters')
  .regex(/^[\x21-\x7e]*$/, 'must consist of printable ASCII characters without blanks')
  .regex(/^(?!sha256:(?![0-9a-f]{64}$))/i, 'must have 64 hexadecimal digits after sha256:');

const money = z.strictObject({
  amount: z.string().regex(/^\d{1,12}(\.\d{1,4})?$/, 'must be a decimal number in quotes, such as "250.00"'),
  currencyCode: z.string().refine((code) => currencyCodes.has(code), 'must be a currency code, such as USD'),
});

const keyObject = z.strictObject({
  key: apiKey,
  name: z.string().min(1).max(100).optional(),
  permissions: z.array(z.enum(permissions, `must be one of ${permissions.join(', ')}`)).optional(),
  expiresAt: z.iso
    .datetime({ offset: true, error: 'must be a time with its zone, such as 2027-01-31T00:00:00Z' })
    .optional(),
  spendLimitPerDay: money.optional(),
});
type KeyObject = z.infer<typeof keyObject>;

/** Validates an API key in the tenants file: the key alone, or with what it may do. */
export const apiKeySetting = z.preprocess(
  (given) => (typeof given === 'string' ? { key: given } : given),
  keyObject,
);

/** Reads an API key of the tenants file. Default permissions: all but `admin`. */
export function toApiKeyConfig(setting: KeyObject | string): ApiKeyConfig {
  const given = typeof setting === 'string' ? { key: setting } : setting;
  const hash = configuredHash(given.key);
  return {
    hash,
    permissions: given.permissions ?? tenantPermissions,
    expiresAt: given.expiresAt === undefined ? undefined : Date.parse(given.expiresAt),
    // The name outlives the key, so that a new key has what is left of the old one's limit.
    spendLimit: given.spendLimitPerDay && {
      spender: given.name ?? keyName(hash),
      perDay: given.spendLimitPerDay,
    },
  };
}

/** Returns the SHA-256 of a configured API key, which may be given as that digest. */
export function configuredHash(key: string): string {
  return /^sha256:([0-9a-f]{64})$/i.exec(key)?.[1]!.toLowerCase() ?? hashKey(key);
}
