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

import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_subjectAltName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity as CertificateValidity,
  Version,
} from '@peculiar/asn1-x509';

/** A certificate and its private key, both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** The time in which a certificate is valid, epoch milliseconds. Default: 2020 to 2049. */
export interface Validity {
  readonly from?: number;
  readonly to?: number;
}

/** Issues certificates, as the portal does. */
export interface Authority {
  /** The authority's own certificate, PEM. */
  readonly certificate: string;
  /** Creates a key with a certificate, as if its request had been signed in the portal. */
  issue(name: string, validity?: Validity): Pair;
  /** Signs a request and returns the certificate, both PEM. Throws where the portal refuses the request. */
  sign(request: string, validity?: Validity): string;
  /** Creates the pair of a server on loopback. */
  server(): Pair;
}

/** The default covers the clocks that tests move. */
const defaultValidity = { from: Date.UTC(2020, 0, 1), to: Date.UTC(2049, 0, 1) };
const authorityName = toName('EasyPost Connect sandbox authority');
const ecdsaWithSha256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });

const extension = (extnID: string, critical: boolean, value: object) =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
const isAuthority = extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: true }));
const isNoAuthority = extension(id_ce_basicConstraints, true, new BasicConstraints());
const isLoopback = extension(
  id_ce_subjectAltName,
  false,
  new SubjectAlternativeName([
    new GeneralName({ dNSName: 'localhost' }),
    new GeneralName({ iPAddress: '127.0.0.1' }),
  ]),
);

/** Opens an authority with its pair. Default: a new pair. */
export function openAuthority(pair: Pair = createAuthority()): Authority & { readonly pair: Pair } {
  const issuerKey = createPrivateKey(pair.privateKey);
  const issue = (name: string, extensions: readonly Extension[], validity?: Validity): Pair => {
    const { privateKey, publicKey } = createKey();
    const certificate = certify({ issuerKey, subject: toName(name), publicKey, extensions, validity });
    return { certificate, privateKey: keyPem(privateKey) };
  };
  return {
    pair,
    certificate: pair.certificate,
    server: () => issue('localhost', [isNoAuthority, isLoopback]),
    issue: (name, validity) => issue(name, [isNoAuthority], validity),
    sign: (request, validity) =>
      certify({ issuerKey, ...readRequest(request), extensions: [isNoAuthority], validity }),
  };
}

function createAuthority(): Pair {
  const { privateKey, publicKey } = createKey();
  const certificate = certify({
    issuerKey: privateKey,
    subject: authorityName,
    publicKey,
    extensions: [isAuthority],
  });
  return { certificate, privateKey: keyPem(privateKey) };
}

/** Elliptic curve keys are created at once; the guide's client keys are RSA of 2048 bits. */
const createKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keyPem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function toName(commonName: string): Name {
  const value = new AttributeValue({ utf8String: commonName });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.3', value })])]);
}

interface CertificateContent {
  readonly issuerKey: KeyObject;
  readonly subject: Name;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Extension[];
  readonly validity?: Validity;
}

/** Creates an X.509 certificate, version 3 (RFC 5280). */
function certify({ issuerKey, subject, publicKey, extensions, validity }: CertificateContent): string {
  const { from, to } = { ...defaultValidity, ...validity };
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    // A first byte of 1 keeps the number positive.
    serialNumber: toArrayBuffer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signature: ecdsaWithSha256,
    issuer: authorityName,
    validity: new CertificateValidity({ notBefore: new Date(from), notAfter: new Date(to) }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      SubjectPublicKeyInfo,
    ),
    extensions: new Extensions([...extensions]),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), issuerKey);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ecdsaWithSha256,
    signatureValue: toArrayBuffer(signature),
  });
  const lines = Buffer.from(AsnConvert.serialize(certificate))
    .toString('base64')
    .match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Reads a signing request (PKCS#10, RFC 2986). Throws where it is not signed by its own key, an RSA key of 2048 bits. */
function readRequest(pem: string): { subject: Name; publicKey: KeyObject } {
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  const request = AsnConvert.parse(der, CertificationRequest);
  const { subject, subjectPKInfo } = request.certificationRequestInfo;
  const spki = Buffer.from(AsnConvert.serialize(subjectPKInfo));
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  if (publicKey.asymmetricKeyType !== 'rsa' || publicKey.asymmetricKeyDetails?.modulusLength !== 2048)
    throw new Error('the portal accepts RSA keys of 2048 bits only');
  const content = Buffer.from(request.certificationRequestInfoRaw!);
  if (!verify('sha256', content, publicKey, Buffer.from(request.signature)))
    throw new Error('the request is not signed by its own key');
  return { subject, publicKey };
}

/** Reads a pair from a folder; creates it, and writes it there, where it does not exist. Default folder: none. */
export function openPair(folder: string | undefined, name: string, create: () => Pair): Pair {
  if (folder === undefined) return create();
  const files = [join(folder, `${name}.pem`), join(folder, `${name}.key`)] as const;
  if (!files.every((file) => existsSync(file))) {
    const { certificate, privateKey } = create();
    mkdirSync(folder, { recursive: true });
    writeFileSync(files[0], certificate);
    writeFileSync(files[1], privateKey, { mode: 0o600 });
  }
  const [certificate, privateKey] = files.map((file) => readFileSync(file, 'utf8')) as [string, string];
  return { certificate, privateKey };
}
