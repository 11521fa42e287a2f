/** Where keys are kept until their mutation has succeeded: `localStorage`, or anything of its form. Default: memory. */
export interface KeyStore {
  getItem(name: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(name: string, key: string): unknown;
  removeItem(name: string): unknown;
}

/** Variables whose idempotency key may be left out. */
export type OptionalKey<Variables> = Variables extends {
  input: infer Input extends { idempotencyKey: string };
}
  ? Omit<Variables, 'input'> & { input: Omit<Input, 'idempotencyKey'> & { idempotencyKey?: string } }
  : Variables;

type Input = { readonly idempotencyKey?: string };

export function memoryKeys(): KeyStore {
  const keys = new Map<string, string>();
  return {
    getItem: (name) => keys.get(name),
    setItem: (name, key) => keys.set(name, key),
    removeItem: (name) => keys.delete(name),
  };
}

/** Variables with a key, and what to do once the mutation has succeeded. */
export interface Keyed {
  readonly variables: unknown;
  /** True where repeating the mutation has no further effect. */
  readonly hasKey: boolean;
  succeeded(): Promise<void>;
}

const nothing = async () => {};

/**
 * Adds the idempotency key to a mutation that takes one: the caller's own, else the one that is kept for the same mutation
 * with the same input, else a new one, which is kept until the mutation has succeeded. Its name in the store is a hash.
 */
export async function withKey(document: string, variables: unknown, keys: KeyStore): Promise<Keyed> {
  const input = (variables as { readonly input?: Input } | undefined)?.input;
  if (input?.idempotencyKey !== undefined) return { variables, hasKey: true, succeeded: nothing };
  if (input === undefined || !takesKey(document)) return { variables, hasKey: false, succeeded: nothing };
  const name = `parcelgraph:${await digest(document + JSON.stringify(variables))}`;
  const kept = await keys.getItem(name);
  const idempotencyKey = kept ?? crypto.randomUUID();
  if (kept == null) await keys.setItem(name, idempotencyKey);
  return {
    variables: { ...(variables as object), input: { ...input, idempotencyKey } },
    hasKey: true,
    succeeded: async () => void (await keys.removeItem(name)),
  };
}

/** The input types of the schema that have an idempotency key. */
const takesKey = (document: string) =>
  /\$input:\s*(ShipmentPurchase|PickupSchedule|ManifestCreate|MailJobCreate)Input!/.test(document);

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash).slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
