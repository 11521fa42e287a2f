import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const nonceLength = 12;
const tagLength = 16;

/**
 * Encrypts by AES-256-GCM and returns nonce, tag and ciphertext, after `prefix` if it is given. `context` is authenticated
 * and not contained; it is given again to decrypt. No nonce may be used twice with a key. Default: a random one.
 */
export function encrypt(
  key: KeyObject,
  context: Buffer,
  plaintext: Buffer,
  { nonce = randomBytes(nonceLength), prefix }: { readonly nonce?: Buffer; readonly prefix?: Buffer } = {},
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(context);
  const ciphertext = cipher.update(plaintext);
  // Ends the text, which has no further bytes in this mode.
  cipher.final();
  const parts = [nonce, cipher.getAuthTag(), ciphertext];
  return Buffer.concat(prefix ? [prefix, ...parts] : parts);
}

/** Returns undefined where anything was altered, or encrypted with another key or context. */
export function decrypt(key: KeyObject, context: Buffer, encrypted: Buffer): Buffer | undefined {
  if (encrypted.length < nonceLength + tagLength) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, nonceLength));
  decipher.setAAD(context);
  decipher.setAuthTag(encrypted.subarray(nonceLength, nonceLength + tagLength));
  try {
    return Buffer.concat([decipher.update(encrypted.subarray(nonceLength + tagLength)), decipher.final()]);
  } catch {
    return undefined;
  }
}
