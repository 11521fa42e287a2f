import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';

/** PEM as text, or the file that holds it, which is read again when it changes. */
export type Pem = string | { readonly file: string };

/** What an account shows of itself in a TLS handshake, and whom it trusts beyond the public authorities. */
export interface CertificateFiles {
  readonly certificate?: Pem;
  readonly privateKey?: Pem;
  readonly ca?: Pem;
}

/** The same, read: a new object only where its content is another. */
export interface ClientCertificate {
  /** Nothing is shown without one. */
  readonly certificate?: string;
  readonly privateKey?: string;
  /** Trusted, and nobody else; the public authorities when left out. */
  readonly ca?: string;
}

export interface CertificateSource {
  /** What to show now; a `ProviderError` where it could only be refused, so that no call is made in vain. */
  current(): ClientCertificate;
  /** How it stands, without throwing. */
  state(): CertificateState;
}

export interface CertificateState {
  /** Whom the certificate names, and until when it is good, epoch milliseconds. */
  readonly subject?: string;
  readonly validTo?: number;
  /** Why it can't be shown. */
  readonly fault?: ProviderError;
  /** What will or may go wrong. */
  readonly warnings: readonly string[];
}

/** A certificate is replaced by hand, in a portal: a month is enough to notice. */
const warnAheadMs = 30 * 24 * 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

interface Loaded {
  readonly identity?: ClientCertificate;
  readonly subject?: string;
  readonly validFrom?: number;
  readonly validTo?: number;
  /** What is wrong with it at any time. */
  readonly fault?: ProviderError;
}

/**
 * Reads the files once, and again when they change on disk. Certificate and key are two files that are never replaced
 * in one moment: while what lies there can't be used, the pair that worked goes on.
 */
export const openClientCertificate = (
  sources: CertificateFiles,
  clock: Clock,
  warn?: (message: string) => void,
): CertificateSource => follow(sources, loadPair, clock, warn);

/** The same for a host that is shown no certificate: whom we trust there beside the public authorities. */
export const openTrustedCa = (ca: Pem, clock: Clock): CertificateSource => follow({ ca }, loadTrust, clock);

function follow(
  sources: CertificateFiles,
  load: (sources: CertificateFiles) => Loaded,
  clock: Clock,
  warn: (message: string) => void = () => {},
): CertificateSource {
  let stamp = stampOf(sources);
  /** What lies there, and what is shown: the same, unless what lies there can't be used. */
  let latest: Loaded = load(sources);
  let kept = latest;
  let warnedAt = Number.NEGATIVE_INFINITY;

  function look(): Loaded {
    const now = clock.now();
    const seen = stampOf(sources);
    if (seen !== stamp) {
      stamp = seen;
      const read = load(sources);
      latest = isSame(read.identity, kept.identity) ? kept : read;
      warnedAt = Number.NEGATIVE_INFINITY;
    }
    // Judged anew each time: a certificate may lie there before its day has come.
    if (faultOf(latest, now) === undefined || faultOf(kept, now) !== undefined) kept = latest;
    if (now - warnedAt >= dayMs) {
      warnedAt = now;
      const fault = faultOf(kept, now);
      for (const message of [...(fault ? [fault.message] : []), ...warnings(now)]) warn(message);
    }
    return kept;
  }
  function warnings(now: number): string[] {
    const { validTo } = kept;
    const waiting = latest === kept ? undefined : faultOf(latest, now);
    const ends = validTo !== undefined && validTo > now && validTo - now <= warnAheadMs;
    return [
      ...(ends ? [`the client certificate ends at ${day(validTo)}: have a new one signed in time`] : []),
      ...(waiting ? [`the files were changed to what can’t be used, so the old pair goes on: ${waiting.message}`] : []), // prettier-ignore
      ...(isOpen(sources.privateKey) ? ['the private key’s file can be read by others: chmod 600 it'] : []),
    ];
  }

  look();
  return {
    current() {
      const { identity, ...loaded } = look();
      const fault = faultOf({ identity, ...loaded }, clock.now());
      if (fault) throw fault;
      return identity!;
    },
    state() {
      const { subject, validTo } = look();
      return { subject, validTo, fault: faultOf(kept, clock.now()), warnings: warnings(clock.now()) };
    },
  };
}

/** The text; throws where its file can't be read. */
export const readPem = (pem: Pem): string => (typeof pem === 'string' ? pem : readFileSync(pem.file, 'utf8'));

/** Whether a text holds at least one certificate, or a private key without a passphrase. */
export const holdsCertificate = (pem: string) => works(() => new X509Certificate(pem));
export const holdsPrivateKey = (pem: string) => works(() => createPrivateKey(pem));

function loadPair({ certificate, privateKey, ca }: CertificateFiles): Loaded {
  if (certificate === undefined || privateKey === undefined) {
    return {
      fault: new ProviderError('CREDENTIALS_MISSING', 'the account has no client certificate to show', {
        hint: 'Have one signed by the provider, and set certificate and privateKey among the credentials.',
      }),
    };
  }
  return orUnreadable(() => {
    const identity = {
      certificate: readPem(certificate),
      privateKey: readPem(privateKey),
      ca: readAuthority(ca),
    };
    const x509 = new X509Certificate(identity.certificate);
    const matches = x509.checkPrivateKey(createPrivateKey(identity.privateKey));
    return {
      identity,
      subject: x509.subject.replaceAll('\n', ', '),
      validFrom: x509.validFromDate.getTime(),
      validTo: x509.validToDate.getTime(),
      fault: matches
        ? undefined
        : rejected(
            'the client certificate was not made for its private key',
            'Set the key that the certificate’s signing request was made with, or have a new pair signed.',
            'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
          ),
    };
  });
}

const loadTrust = ({ ca }: CertificateFiles) =>
  orUnreadable(() => ({ identity: { ca: [readAuthority(ca), ...rootCertificates].join('\n') } }));

function readAuthority(ca: Pem | undefined): string | undefined {
  const text = ca === undefined ? undefined : readPem(ca);
  if (text !== undefined) new X509Certificate(text);
  return text;
}

function orUnreadable(read: () => Loaded): Loaded {
  try {
    return read();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return {
      fault: new ProviderError(
        'CREDENTIALS_MISSING',
        'the client certificate, its key or its ca can’t be read',
        {
          hint: 'See that their files are there, are PEM without a passphrase, and may be read by this process.',
          providerCode: code,
          cause,
        },
      ),
    };
  }
}

/** Why it could only be refused now. */
function faultOf({ fault, validFrom, validTo }: Loaded, now: number): ProviderError | undefined {
  if (fault) return fault;
  if (validTo !== undefined && validTo <= now) {
    return rejected(
      `the client certificate ended at ${day(validTo)}`,
      'Have a new one signed by the provider and put it in its place; the server need not be started again.',
      'CERT_HAS_EXPIRED',
    );
  }
  if (validFrom !== undefined && validFrom > now) {
    return rejected(
      `the client certificate is not good before ${day(validFrom)}`,
      'Wait for that day, or set this machine’s clock.',
      'CERT_NOT_YET_VALID',
    );
  }
  return undefined;
}

const rejected = (message: string, hint: string, providerCode: string) =>
  new ProviderError('CREDENTIALS_REJECTED', message, { hint, providerCode });

const day = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Changes when a file does, or one takes its place. */
function stampOf({ certificate, privateKey, ca }: CertificateFiles): string {
  return [certificate, privateKey, ca]
    .map((pem) => {
      if (typeof pem !== 'object') return '';
      const found = statOf(pem.file);
      return found ? [found.ino, found.size, found.mtimeNs, found.ctimeNs].join() : 'gone';
    })
    .join(' ');
}

function isOpen(privateKey: Pem | undefined): boolean {
  if (typeof privateKey !== 'object' || process.platform === 'win32') return false;
  const found = statOf(privateKey.file);
  return found !== undefined && (found.mode & 0o077n) !== 0n;
}

/** Undefined where it is not there, or may not be looked at. */
function statOf(file: string) {
  try {
    return statSync(file, { bigint: true });
  } catch {
    return undefined;
  }
}

const isSame = (a: ClientCertificate | undefined, b: ClientCertificate | undefined) =>
  a !== undefined &&
  b !== undefined &&
  a.certificate === b.certificate &&
  a.privateKey === b.privateKey &&
  a.ca === b.ca;

function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
