import { createPublicKey, sign, type KeyObject } from 'node:crypto';

/*
 * A PKCS#10 certification request (RFC 2986) in DER (ITU-T X.690), since Node makes none. It says who asks (a common
 * name), shows the public key, and is signed by the private one.
 */

const tagged = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
};

/** One byte below 128; above, the number of the bytes that tell it, and these. */
function lengthOf(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  const digits: number[] = [];
  for (let left = bytes; left > 0; left >>>= 8) digits.unshift(left & 0xff);
  return [0x80 | digits.length, ...digits];
}

const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]) => tagged(0x31, ...parts);
const version0 = Buffer.from([0x02, 0x01, 0x00]);
const nothing = Buffer.from([0x05, 0x00]);
/** 2.5.4.3 */
const commonName = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03]);
/** 1.2.840.113549.1.1.11 */
const sha256WithRsa = Buffer.from('06092a864886f70d01010b', 'hex');
/** No attribute is asked for, and the field is there all the same. */
const noAttributes = Buffer.from([0xa0, 0x00]);

/** The most characters that a common name has (RFC 5280, appendix A). */
export const maxNameLength = 64;

/** The request for a certificate of an RSA key, as PEM. */
export function createSigningRequest(name: string, privateKey: KeyObject): string {
  const text = tagged(0x0c, Buffer.from(name));
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const subject = sequence(set(sequence(commonName, text)));
  const content = sequence(version0, subject, publicKey, noAttributes);
  const signature = tagged(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const request = sequence(content, sequence(sha256WithRsa, nothing), signature);
  const lines = request.toString('base64').match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
}
