import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bits, explicit, implicit, integer, objectId, octets, pem, sequence, set, time, truth, unPem, utf8, values } from './der.ts'; // prettier-ignore

/** A certificate and its private key, both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Validity {
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
}

export interface Authority {
  /** Its own certificate. */
  readonly certificate: string;
  /** A new key with a certificate, as if its request had been pasted into the portal. */
  issue(name: string, validity?: Validity): Pair;
  /** What the portal makes of a request: PEM in, PEM out. Throws where it would refuse. */
  sign(request: string, validity?: Validity): string;
  /** A pair that servers on loopback show. */
  server(): Pair;
}

/** Long enough for clocks that tests move, and for whatever day it is. */
const always = { from: Date.UTC(2020, 0, 1), to: Date.UTC(2049, 0, 1) };

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
const nameOf = (name: string) => sequence(set(sequence(objectId('2.5.4.3'), utf8(name))));

/** Elliptic curves, since they take no time to make; the guide's client keys are RSA 2048. */
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keyPem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });

interface Certificate {
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Uint8Array[];
  readonly validity?: Validity;
}

/** An X.509 certificate, version 3 (RFC 5280). */
function certify({ issuer, issuerKey, subject, publicKey, extensions, validity = {} }: Certificate): string {
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(time(validity.from ?? always.from), time(validity.to ?? always.to)),
    subject,
    publicKey,
    explicit(3, sequence(...extensions)),
  );
  return pem('CERTIFICATE', sequence(content, ecdsaWithSha256, bits(sign('sha256', content, issuerKey))));
}

const isAuthority = sequence(objectId('2.5.29.19'), truth(), octets(sequence(truth())));
const isNone = sequence(objectId('2.5.29.19'), truth(), octets(sequence()));
/** Loopback by its address and by its name. */
const isLoopback = sequence(
  objectId('2.5.29.17'),
  octets(sequence(implicit(2, Buffer.from('localhost')), implicit(7, Buffer.from([127, 0, 0, 1])))),
);

/** An authority, made anew or of what was kept of it. */
export function openAuthority(kept: Pair = newAuthority()): Authority & { readonly pair: Pair } {
  const issuerKey = createPrivateKey(kept.privateKey);
  const issuer = authorityName;
  const make = (name: string, extensions: readonly Uint8Array[], validity?: Validity): Pair => {
    const { privateKey, publicKey } = newKey();
    const subject = nameOf(name);
    const certificate = certify({
      issuer,
      issuerKey,
      subject,
      publicKey: spki(publicKey),
      extensions,
      validity,
    });
    return { certificate, privateKey: keyPem(privateKey) };
  };
  return {
    pair: kept,
    certificate: kept.certificate,
    server: () => make('localhost', [isNone, isLoopback]),
    issue: (name, validity) => make(name, [isNone], validity),
    sign(request, validity) {
      const { subject, publicKey } = readRequest(request);
      return certify({ issuer, issuerKey, subject, publicKey, extensions: [isNone], validity });
    },
  };
}

const authorityName = 'EasyPost Connect sandbox authority';

function newAuthority(): Pair {
  const { privateKey, publicKey } = newKey();
  const certificate = certify({
    issuer: authorityName,
    issuerKey: privateKey,
    subject: nameOf(authorityName),
    publicKey: spki(publicKey),
    extensions: [isAuthority],
  });
  return { certificate, privateKey: keyPem(privateKey) };
}

/** A PKCS#10 request (RFC 2986) that its own key has signed; the guide wants RSA of 2048 bits. */
function readRequest(request: string): { subject: Buffer; publicKey: Buffer } {
  const [outer] = values(unPem(request));
  const [info, , signature] = values(outer!.content);
  const [, subject, publicKey] = values(info!.content);
  const key = createPublicKey({ key: publicKey!.whole, format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'rsa' || key.asymmetricKeyDetails?.modulusLength !== 2048)
    throw new Error('the portal wants an RSA key of 2048 bits');
  if (!verify('sha256', info!.whole, key, signature!.content.subarray(1)))
    throw new Error('the request was not signed by its own key');
  return { subject: subject!.whole, publicKey: publicKey!.whole };
}

/** Reads a pair that lies in a folder, or puts one there; in memory only where there is none. */
export function keptPair(folder: string | undefined, name: string, make: () => Pair): Pair {
  if (folder === undefined) return make();
  const files = [join(folder, `${name}.pem`), join(folder, `${name}.key`)] as const;
  if (!files.every((file) => existsSync(file))) {
    const { certificate, privateKey } = make();
    mkdirSync(folder, { recursive: true });
    writeFileSync(files[0], certificate);
    writeFileSync(files[1], privateKey, { mode: 0o600 });
  }
  const [certificate, privateKey] = files.map((file) => readFileSync(file, 'utf8')) as [string, string];
  return { certificate, privateKey };
}
