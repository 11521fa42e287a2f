import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

import { decrypt, encrypt } from './encryption.ts';

/** Authenticated encryption of small documents that leave the server: rate ids, label links, stored tokens. */
export interface Sealer {
  /** Returns base64url text, safe in URLs, that only `open` with the same purpose and binding can read. */
  seal(purpose: string, binding: string, document: unknown): string;
  /**
   * Returns a function that seals the properties of `shared` together with those that it is given, as one document. What
   * is shared is compressed once, and only when a document is sealed. Neither has no properties.
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
 * Creates a sealer: AES-256-GCM over JSON, with one key for each purpose, derived from the secret by HKDF. The JSON is
 * compressed, since rate ids travel in URLs and repeat the same words. The first bytes identify format and secret, so that
 * documents sealed with the previous secret can still be opened.
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
      id: derive('key id', 4),
      name: (purpose: string, binding: string) =>
        createHmac('sha256', keyOf(`name ${purpose}`))
          .update(binding)
          .digest('base64url')
          .slice(0, 32),
      key: (purpose: string) => keyOf(`seal ${purpose}`),
    };
  });
  const nextNonce = createNonces();
  const sealCompressed = (purpose: string, binding: string, compressed: Buffer): string => {
    const { id, key } = keyRings[0]!;
    const head = Buffer.concat([Buffer.of(version), id]);
    const context = Buffer.concat([head, Buffer.from(binding)]);
    const encrypted = encrypt(key(purpose), context, compressed, nextNonce());
    return Buffer.concat([head, encrypted]).toString('base64url');
  };
  const ringOf = (head: Buffer) =>
    keyRings.find(({ id }) => head[0] === version && id.equals(head.subarray(1)));
  return {
    deriveNames(purpose, binding) {
      const [current, ...older] = keyRings.map((ring) => ring.name(purpose, binding));
      return [current!, ...older];
    },
    seal: (purpose, binding, document) =>
      sealCompressed(purpose, binding, deflateRawSync(JSON.stringify(document))),
    sealSharing(purpose, binding, shared) {
      let beginning: Buffer | undefined;
      return (own) => {
        // An object that the own properties continue.
        beginning ??= deflateBeginning(`${JSON.stringify(shared).slice(0, -1)},`);
        const end = deflateEnd(Buffer.from(JSON.stringify(own).slice(1)));
        return sealCompressed(purpose, binding, Buffer.concat([beginning, end]));
      };
    },
    open(purpose, binding, text) {
      const bytes = Buffer.from(text, 'base64url');
      const head = bytes.subarray(0, headLength);
      const ring = ringOf(head);
      if (ring === undefined || bytes.toString('base64url') !== text) return undefined;
      const context = Buffer.concat([head, Buffer.from(binding)]);
      const compressed = decrypt(ring.key(purpose), context, bytes.subarray(headLength));
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

/** Compresses the beginning of a text; further blocks of the format may follow (RFC 1951). */
const deflateBeginning = (text: string) =>
  deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 1024 });

/** In bytes. Compressing fewer takes several times as long as encrypting them, and saves little. */
const storedUpTo = 1024;

/** Writes the end of a text. A short one is stored as it is, in one block of the format (RFC 1951, 3.2.4). */
function deflateEnd(text: Buffer): Buffer {
  if (text.length > storedUpTo) return deflateRawSync(text);
  const header = Buffer.of(1, 0, 0, 0, 0);
  header.writeUInt16LE(text.length, 1);
  header.writeUInt16LE(text.length ^ 0xffff, 3);
  return Buffer.concat([header, text]);
}
