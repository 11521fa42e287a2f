import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Authenticated encryption of small documents that leave the house: rate ids, label links, stored tokens. */
export interface Sealer {
  /** Text that only `open` with the same purpose and binding reads: base64url, safe in URLs. */
  seal(purpose: string, binding: string, document: unknown): string;
  /** Undefined where the text was altered, made for another purpose or binding, or sealed with a forgotten secret. */
  open(purpose: string, binding: string, text: string): unknown;
  /** Words that nobody can guess and that stay the same, base64url: the secret's first, then the previous one's. */
  names(purpose: string, binding: string): readonly [string, ...string[]];
}

const version = 2;

/**
 * AES-256-GCM with a key a purpose, derived from the secret by HKDF, over deflated JSON: a rate id travels in carts and
 * URLs, and says the same words many times. The first bytes name format and secret, so that a previous secret still opens
 * what it sealed.
 */
export function createSealer(secret: string, previous?: string): Sealer {
  const secrets = previous === undefined ? [secret] : [secret, previous];
  const rings = secrets.map((each) => {
    const keys = new Map<string, Buffer>();
    const derive = (info: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', each, 'parcelgraph', info, bytes));
    return {
      id: derive('key id', 4),
      name: (purpose: string, binding: string) =>
        createHmac('sha256', derive(`name ${purpose}`, 32))
          .update(binding)
          .digest('base64url')
          .slice(0, 32),
      key(purpose: string) {
        if (!keys.has(purpose)) keys.set(purpose, derive(`seal ${purpose}`, 32));
        return keys.get(purpose)!;
      },
    };
  });
  return {
    names(purpose, binding) {
      const [current, ...older] = rings.map((ring) => ring.name(purpose, binding));
      return [current!, ...older];
    },
    seal(purpose, binding, document) {
      const { id, key } = rings[0]!;
      const head = Buffer.concat([Buffer.of(version), id]);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key(purpose), nonce);
      cipher.setAAD(Buffer.concat([head, Buffer.from(binding)]));
      const body = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(document))), cipher.final()]);
      return Buffer.concat([head, nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(purpose, binding, text) {
      const bytes = Buffer.from(text, 'base64url');
      const head = bytes.subarray(0, 5);
      const ring = rings.find(({ id }) => head[0] === version && id.equals(head.subarray(1)));
      if (ring === undefined || bytes.length < 33 || bytes.toString('base64url') !== text) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', ring.key(purpose), bytes.subarray(5, 17));
        decipher.setAAD(Buffer.concat([head, Buffer.from(binding)]));
        decipher.setAuthTag(bytes.subarray(17, 33));
        const body = Buffer.concat([decipher.update(bytes.subarray(33)), decipher.final()]);
        return JSON.parse(inflateRawSync(body).toString()) as unknown;
      } catch {
        return undefined;
      }
    },
  };
}
