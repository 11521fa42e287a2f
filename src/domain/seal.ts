import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

import { decrypt, encrypt } from './encryption.ts';

/** Authenticated encryption of small documents that leave the server: rate ids, label links, stored tokens. */
export interface Sealer {
  /** Returns base64url text, safe in URLs, that only `open` with the same purpose and binding can read. */
  seal(purpose: string, binding: string, document: unknown): string;
  /**
   * Returns a function that seals the properties of `shared` together with those that it is given, as one document. What
   * is shared is written once, and only when a document is sealed. Neither has no properties.
   */
  sealSharing(purpose: string, binding: string, shared: object): (own: object) => string;
  /** Returns undefined where the text was altered, sealed for another purpose or binding, or with an unknown secret. */
  open(purpose: string, binding: string, text: string): unknown;
  /** Tells whether a text was sealed with the present secret, rather than the previous one. */
  isCurrent(text: string): boolean;
  /** Derives stable, unguessable names (base64url) from the secret, and from the previous secret if there is one. */
  deriveNames(purpose: string, binding: string): readonly [string, ...string[]];
}

const version = 2;
/** One byte of version, and the id of the secret. */
const headLength = 5;

/**
 * Creates a sealer: AES-256-GCM over JSON, with one key for each purpose, derived from the secret by HKDF. Long JSON is
 * compressed, since rate ids travel in URLs. The first bytes identify format and secret, so that documents sealed with the
 * previous secret can still be opened.
 */
export function createSealer(secret: string, previous?: string): Sealer {
  const secrets = previous === undefined ? [secret] : [secret, previous];
  const keyRings = secrets.map((value) => {
    const keys = new Map<string, KeyObject>();
    const derive = (info: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', value, 'parcelgraph', info, bytes));
    const keyOf = (info: string) => {
      if (!keys.has(info)) keys.set(info, createSecretKey(derive(info, 32)));
      return keys.get(info)!;
    };
    return {
      head: Buffer.concat([Buffer.of(version), derive('key id', 4)]),
      name: (purpose: string, binding: string) =>
        createHmac('sha256', keyOf(`name ${purpose}`))
          .update(binding)
          .digest('base64url')
          .slice(0, 32),
      key: (purpose: string) => keyOf(`seal ${purpose}`),
    };
  });
  const nextNonce = createNonces();
  const sealCompressed = (purpose: string, context: Buffer, compressed: Buffer): string => {
    const { head, key } = keyRings[0]!;
    return encrypt(key(purpose), context, compressed, { nonce: nextNonce(), prefix: head }).toString('base64url'); // prettier-ignore
  };
  const contextOf = (head: Buffer, binding: string) => Buffer.concat([head, Buffer.from(binding)]);
  const ringOf = (given: Buffer) => keyRings.find(({ head }) => head.equals(given));
  return {
    deriveNames(purpose, binding) {
      const [current, ...older] = keyRings.map((ring) => ring.name(purpose, binding));
      return [current!, ...older];
    },
    seal: (purpose, binding, document) =>
      sealCompressed(purpose, contextOf(keyRings[0]!.head, binding), deflateRawSync(JSON.stringify(document))), // prettier-ignore
    sealSharing(purpose, binding, shared) {
      let beginning: Buffer | undefined;
      const context = contextOf(keyRings[0]!.head, binding);
      return (own) => {
        // An object that the own properties continue.
        beginning ??= deflatePart(`${JSON.stringify(shared).slice(0, -1)},`, false);
        const end = deflatePart(JSON.stringify(own).slice(1), true);
        return sealCompressed(purpose, context, Buffer.concat([beginning, end]));
      };
    },
    open(purpose, binding, text) {
      const bytes = Buffer.from(text, 'base64url');
      const head = bytes.subarray(0, headLength);
      const ring = ringOf(head);
      if (ring === undefined || bytes.toString('base64url') !== text) return undefined;
      const compressed = decrypt(ring.key(purpose), contextOf(head, binding), bytes.subarray(headLength));
      return compressed && (JSON.parse(inflateRawSync(compressed).toString()) as unknown);
    },
    isCurrent: (text) => ringOf(Buffer.from(text, 'base64url').subarray(0, headLength)) === keyRings[0],
  };
}

/** Returns a function that returns twelve other random bytes each time. They are drawn in advance, many at once. */
function createNonces(): () => Buffer {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = randomBytes(12 * 128);
    const nonce = drawn.subarray(0, 12);
    drawn = drawn.subarray(12);
    return nonce;
  };
}

/** In bytes. Compressing fewer takes several times as long as encrypting them, and saves little. */
const storedUpTo = 1024;

/** Writes a part of a text, which further parts may follow. A short one is stored as it is, in one block (RFC 1951, 3.2.4). */
function deflatePart(text: string, isLast: boolean): Buffer {
  const length = Buffer.byteLength(text);
  if (length > storedUpTo)
    return deflateRawSync(text, { finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH, chunkSize: 1024 }); // prettier-ignore
  const part = Buffer.allocUnsafe(storedHeadLength + length);
  part[0] = isLast ? 1 : 0;
  part.writeUInt16LE(length, 1);
  part.writeUInt16LE(length ^ 0xffff, 3);
  part.write(text, storedHeadLength);
  return part;
}

/** Whether the block is the last one, and its length twice. */
const storedHeadLength = 5;
