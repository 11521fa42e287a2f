/** Whom the provider calls of a request are attributed to, in words that the client chose. */
export interface Attribution {
  /** The name of the GraphQL operation. */
  readonly operation?: string;
  /** The client's name and version, separated by a blank. */
  readonly client?: string;
}

/** The operations and clients of a tenant that are told apart; those that come later are counted together. */
const maxPerTenant = 100;
const maxLength = 100;

const other: Attribution = { operation: 'other', client: 'other' };

/** Creates the function that bounds attributions, since clients choose the names: it returns `other` for the rest. */
export function createAttributionLimit(): (tenant: string, attribution: Attribution) => Attribution {
  const known = new Map<string, Set<string>>();
  return (tenant, { operation, client }) => {
    const bounded = { operation: operation?.slice(0, maxLength), client: client?.slice(0, maxLength) };
    const ofTenant = known.get(tenant) ?? new Set();
    known.set(tenant, ofTenant);
    const key = JSON.stringify([bounded.operation, bounded.client]);
    if (ofTenant.has(key)) return bounded;
    if (ofTenant.size >= maxPerTenant) return other;
    ofTenant.add(key);
    return bounded;
  };
}
