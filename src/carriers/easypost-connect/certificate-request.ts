import { createPublicKey, sign, type KeyObject } from 'node:crypto';

import { CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509';

const commonName = '2.5.4.3';
const sha256WithRsa = '1.2.840.113549.1.1.11';

/**
 * Creates a certificate signing request (PKCS#10, RFC 2986) for the key, and returns it as PEM.
 *
 * @param name the common name of the certificate
 * @param privateKey an RSA key, which signs the request
 */
export function createSigningRequest(name: string, privateKey: KeyObject): string {
  const attribute = new AttributeTypeAndValue({
    type: commonName,
    value: new AttributeValue({ utf8String: name }),
  });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const certificationRequestInfo = new CertificationRequestInfo({
    subject: new Name([new RelativeDistinguishedName([attribute])]),
    subjectPKInfo: AsnConvert.parse(publicKey, SubjectPublicKeyInfo),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(certificationRequestInfo)), privateKey);
  const request = new CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: sha256WithRsa, parameters: null }),
    signature: new Uint8Array(signature).buffer,
  });
  const lines = Buffer.from(AsnConvert.serialize(request))
    .toString('base64')
    .match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
}
