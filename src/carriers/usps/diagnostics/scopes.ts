import { scopeRestMs, type Token } from '../../../transport/bearer-token.ts';
import type { Diagnostic, Operation } from '../../adapter.ts';
import { formatTime } from '../../diagnostics.ts';
import type { Api } from '../client.ts';
import { missingScope } from '../scopes.ts';
import { failed, ok, skipped, warning } from './context.ts';

/** APIs that each operation calls, but Addresses, whose license is a check of its own. */
const operationApis: Partial<Record<Operation, readonly Api[]>> = {
  QUOTE_RATES: ['shipping-options'],
  TRACK: ['tracking'],
  PURCHASE_LABEL: ['payments', 'labels'],
  FIND_LOCATIONS: ['locations'],
};

/** APIs that USPS adds on request and that many accounts lack, by the operation that calls them. */
const optionalApis: Readonly<Record<string, readonly Api[]>> = {
  'PURCHASE_LABEL to other countries': ['international-labels'],
  SCHEDULE_PICKUP: ['pickup'],
  CREATE_MANIFEST: ['scan-forms'],
};

interface ScopeContext {
  /** Undefined where USPS did not name it. */
  readonly scope: readonly string[] | undefined;
  /** APIs that refused a fresh token. */
  readonly blocked: readonly string[];
  /** True for an account that buys no labels: it has no use for APIs that start from a label. */
  readonly withoutLabels: boolean;
  readonly token: Token;
}

/** Checks that the token covers every operation, and that no API refuses it. */
export function checkScopes({ scope, blocked, withoutLabels, token }: ScopeContext): Diagnostic {
  const check = 'scopes';
  if (scope === undefined && blocked.length === 0)
    return skipped(check, 'USPS did not name the scope of the token');
  const required = Object.entries(operationApis).filter(
    ([operation]) => !(withoutLabels && operation === 'PURCHASE_LABEL'),
  );
  const optional = withoutLabels ? [] : Object.entries(optionalApis);
  const missingRequired = missingScopes(scope, required);
  const missing = [...missingRequired, ...missingScopes(scope, optional)];
  if (missing.length + blocked.length === 0) {
    const operations = [...required, ...optional].map(([operation]) => operation);
    return ok(check, `the token covers ${operations.join(', ')}`);
  }
  const messages = [
    ...(blocked.length > 0 ? [blockedMessage(blocked, scope !== undefined)] : []),
    ...(missing.length > 0 ? [`${missing.join('; ')}: only these calls fail with 401`] : []),
  ];
  const newTokenFrom = formatTime(token.receivedAt + scopeRestMs);
  const hints = [
    'Add the API products to the app in the USPS developer portal, or request them from USPS by service request.',
    ...(blocked.length > 0 ? ['APIs that answered 401 are called again within five minutes.'] : []),
    ...(missing.length > 0
      ? [`From ${newTokenFrom} on, the next call that lacks a scope requests a new token.`]
      : []),
  ];
  const report = missingRequired.length + blocked.length > 0 ? failed : warning;
  return report(check, messages.join('; '), hints.join(' '));
}

function missingScopes(
  scope: readonly string[] | undefined,
  operations: readonly (readonly [string, readonly Api[]])[],
): string[] {
  return operations.flatMap(([operation, apis]) => {
    const missing = apis.flatMap((api) => missingScope({ scope }, api) ?? []);
    return missing.length > 0 ? [`${operation} lacks the scope ${missing.join(' and ')}`] : [];
  });
}

function blockedMessage(blocked: readonly string[], scopeKnown: boolean): string {
  const them = blocked.length > 1 ? 'them' : 'it';
  const cause = scopeKnown
    ? `the token covers ${them}, but the app has no such API product`
    : `the app was not granted ${them}`;
  return `USPS answers 401 only to ${blocked.join(' and ')}: ${cause}`;
}
