import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Authenticated encryption of small documents that leave the server: rate ids, label links, stored tokens. */
export interface Sealer {
  /** Returns base64url text, safe in URLs, that only `open` with the same purpose and binding can read. */
  seal(purpose: string, binding: string, document: unknown): string;
  /** Returns undefined where the text was altered, sealed for another purpose or binding, or with an unknown secret. */
  open(purpose: string, binding: string, text: string): unknown;
  /** Derives stable, unguessable names (base64url) from the secret, and from the previous secret if there is one. */
  deriveNames(purpose: string, binding: string): readonly [string, ...string[]];
}

const version = 2;

/**
 * Creates a sealer: AES-256-GCM over JSON, with one key for each purpose, derived from the secret by HKDF. The JSON is
 * compressed, since rate ids travel in URLs and repeat the same words. The first bytes identify format and secret, so that
 * documents sealed with the previous secret can still be opened.
 */
export function createSealer(secret: string, previous?: string): Sealer {
  const secrets = previous === undefined ? [secret] : [secret, previous];
  const keyRings = secrets.map((value) => {
    const keys = new Map<string, Buffer>();
    const derive = (info: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', value, 'parcelgraph', info, bytes));
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
    deriveNames(purpose, binding) {
      const [current, ...older] = keyRings.map((ring) => ring.name(purpose, binding));
      return [current!, ...older];
    },
    seal(purpose, binding, document) {
      const { id, key } = keyRings[0]!;
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
      const ring = keyRings.find(({ id }) => head[0] === version && id.equals(head.subarray(1)));
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
