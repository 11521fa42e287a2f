import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

import { ProviderError } from '../domain/errors.ts';

/** PEM as text, or the file that contains it; the file is read again when it changes. */
export type Pem = string | { readonly file: string };

/** An account's client certificate and the authority that it trusts. */
export interface CertificateFiles {
  readonly certificate?: Pem;
  readonly privateKey?: Pem;
  readonly ca?: Pem;
}

/** The content of `CertificateFiles`. */
export interface ClientCertificate {
  /** Left out where the client presents no certificate. */
  readonly certificate?: string;
  readonly privateKey?: string;
  /** The only authorities that are trusted. Default: the public ones. */
  readonly ca?: string;
}

/** What was read from the files: a certificate, or the error that prevents its use. */
export interface LoadedCertificate {
  readonly certificate?: ClientCertificate;
  readonly subject?: string;
  /** Epoch milliseconds. */
  readonly validFrom?: number;
  /** Epoch milliseconds. */
  readonly validTo?: number;
  /** An error that does not depend on the time. */
  readonly error?: ProviderError;
}

/** Returns the PEM text; throws where its file cannot be read. */
export const readPem = (pem: Pem): string => (typeof pem === 'string' ? pem : readFileSync(pem.file, 'utf8'));

/** Tells whether a text contains at least one certificate. */
export const containsCertificate = (pem: string) => succeeds(() => new X509Certificate(pem));

/** Tells whether a text contains a private key without a passphrase. */
export const containsPrivateKey = (pem: string) => succeeds(() => createPrivateKey(pem));

/** Reads a client certificate with its private key, and checks that they match. */
export function loadClientCertificate({ certificate, privateKey, ca }: CertificateFiles): LoadedCertificate {
  if (certificate === undefined || privateKey === undefined) {
    return {
      error: new ProviderError('CREDENTIALS_MISSING', 'the account has no client certificate', {
        hint: 'Have one signed by the provider, and set certificate and privateKey among the credentials.',
      }),
    };
  }
  return loadOrError(() => {
    const content = {
      certificate: readPem(certificate),
      privateKey: readPem(privateKey),
      ca: readAuthority(ca),
    };
    const x509 = new X509Certificate(content.certificate);
    const matches = x509.checkPrivateKey(createPrivateKey(content.privateKey));
    return {
      certificate: content,
      subject: x509.subject.replaceAll('\n', ', '),
      validFrom: x509.validFromDate.getTime(),
      validTo: x509.validToDate.getTime(),
      error: matches
        ? undefined
        : rejectedCertificate(
            'the client certificate does not match its private key',
            'Set the key that the certificate’s signing request was made with, or have a new pair signed.',
            'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
          ),
    };
  });
}

/** Reads an authority that is trusted beside the public ones. */
export const loadTrustedCa = ({ ca }: CertificateFiles) =>
  loadOrError(() => ({ certificate: { ca: [readAuthority(ca), ...rootCertificates].join('\n') } }));

/** Creates the error for a certificate that a provider could only refuse. */
export const rejectedCertificate = (message: string, hint: string, providerCode: string) =>
  new ProviderError('CREDENTIALS_REJECTED', message, { hint, providerCode });

/** Identifies the present version of the files: the text changes when a file is edited or replaced. */
export function filesVersion({ certificate, privateKey, ca }: CertificateFiles): string {
  return [certificate, privateKey, ca]
    .map((pem) => {
      if (typeof pem !== 'object') return '';
      const stat = statOf(pem.file);
      return stat ? [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join() : 'missing';
    })
    .join(' ');
}

/** Tells whether users other than the owner can read the file. */
export function isReadableByOthers(privateKey: Pem | undefined): boolean {
  if (typeof privateKey !== 'object' || process.platform === 'win32') return false;
  const stat = statOf(privateKey.file);
  return stat !== undefined && (stat.mode & 0o077n) !== 0n;
}

function readAuthority(ca: Pem | undefined): string | undefined {
  const text = ca === undefined ? undefined : readPem(ca);
  // Throws where the text is not a certificate.
  if (text !== undefined) new X509Certificate(text);
  return text;
}

function loadOrError(load: () => LoadedCertificate): LoadedCertificate {
  try {
    return load();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return {
      error: new ProviderError(
        'CREDENTIALS_MISSING',
        'the client certificate, its key or its ca cannot be read',
        {
          hint: 'Check that the files exist, contain PEM without a passphrase, and are readable by this process.',
          providerCode: code,
          cause,
        },
      ),
    };
  }
}

/** Undefined where the file does not exist or may not be inspected. */
function statOf(file: string) {
  try {
    return statSync(file, { bigint: true });
  } catch {
    return undefined;
  }
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
