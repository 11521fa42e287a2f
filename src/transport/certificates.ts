import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { connect } from 'node:tls';

import type { Clock } from '../domain/clock.ts';
import { ProviderError } from '../domain/errors.ts';

/** PEM as text, or the file that holds it, which is read again when it changes. */
export type Pem = string | { readonly file: string };

/** What an account shows of itself in a TLS handshake, and whom it trusts beyond the public authorities. */
export interface IdentitySources {
  readonly certificate?: Pem;
  readonly privateKey?: Pem;
  readonly ca?: Pem;
}

/** The same, read: a new object only where its content is another. */
export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
  /** Trusted in place of the public authorities. */
  readonly ca?: string;
}

export interface IdentitySource {
  /** What to show now; a `ProviderError` where it could only be refused, so that no call is made in vain. */
  current(): Identity;
  /** How it stands, without throwing. */
  state(): IdentityState;
}

export interface IdentityState {
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
  readonly identity?: Identity;
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
export function openIdentity(
  sources: IdentitySources,
  clock: Clock,
  warn: (message: string) => void = () => {},
): IdentitySource {
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

function load({ certificate, privateKey, ca }: IdentitySources): Loaded {
  if (certificate === undefined || privateKey === undefined) {
    return {
      fault: new ProviderError('CREDENTIALS_MISSING', 'the account has no client certificate to show', {
        hint: 'Have one signed by the provider, and set certificate and privateKey among the credentials.',
      }),
    };
  }
  try {
    const identity = {
      certificate: readPem(certificate),
      privateKey: readPem(privateKey),
      ca: ca === undefined ? undefined : readPem(ca),
    };
    const x509 = new X509Certificate(identity.certificate);
    if (identity.ca !== undefined) new X509Certificate(identity.ca);
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
function stampOf({ certificate, privateKey, ca }: IdentitySources): string {
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

const isSame = (a: Identity | undefined, b: Identity | undefined) =>
  a !== undefined && a.certificate === b?.certificate && a.privateKey === b.privateKey && a.ca === b.ca;

function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

/** What a handshake failed of, by the code of Node or OpenSSL; undefined where it was something else. */
export function handshakeFailure(
  code: string | undefined,
  host: string,
  cause?: unknown,
): ProviderError | undefined {
  if (code === undefined) return undefined;
  const details = { providerCode: code, cause };
  if (/^ERR_SSL_.*ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/.test(code)) {
    return new ProviderError('CREDENTIALS_REJECTED', `${host} refuses our client certificate (${code})`, {
      ...details,
      hint: 'See at the provider whether this certificate was signed there, is active, and is of this environment.',
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new ProviderError('UNAVAILABLE', `${host} shows a certificate of another name (${code})`, {
      ...details,
      hint: 'Check the base URL: the server’s name must stand in its certificate.',
    });
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return new ProviderError('UNAVAILABLE', `the certificate of ${host} is out of its time (${code})`, {
      ...details,
      hint: 'Check this machine’s clock; if it is right, the provider has to renew its certificate.',
    });
  }
  if (/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|ERR_TLS_CERT)/.test(code)) {
    return new ProviderError(
      'UNAVAILABLE',
      `the certificate of ${host} is of no authority that we trust (${code})`,
      {
        ...details,
        hint: 'Check the base URL; where the provider or a proxy has an authority of its own, set its certificate as ca.',
      },
    );
  }
  if (code.startsWith('ERR_SSL_')) {
    return new ProviderError('UNAVAILABLE', `${host} does not agree on TLS with us (${code})`, {
      ...details,
      hint: 'Check the scheme and port of the base URL.',
    });
  }
  return undefined;
}

/** A server that takes the certificate waits for a request; one that refuses it hangs up well within this time. */
const silenceMs = 1_000;

/**
 * Shakes hands and asks nothing: the failure of the handshake, or undefined where it stands. In TLS 1.3 a server
 * judges our certificate after we think we are done, so a request that follows at once meets a closed door that looks
 * like any other; this tells.
 */
export function tryHandshake(
  url: URL,
  identity: Identity | undefined,
  signal: AbortSignal,
): Promise<ProviderError | undefined> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let secure = false;
    const wire = dial(Number(url.port) || 443, url.hostname.replace(/^\[|\]$/g, ''));
    const socket = connect({
      socket: wire,
      // An address is no server name (RFC 6066).
      ...(/^[\d.]+$|:/.test(url.hostname) ? {} : { servername: url.hostname }),
      rejectUnauthorized: true,
      ...tlsOptions(identity),
    });
    const end = (failure: ProviderError | undefined) => {
      signal.removeEventListener('abort', leave);
      socket.destroy();
      resolve(failure);
    };
    const leave = () => {
      socket.destroy();
      reject(signal.reason);
    };
    /** After it has spoken, by somebody who refuses and says no word; before, it has seen nothing of ours. */
    const cutOff = (code: string) => end(wire.bytesRead > 0 ? hungUp(url, code) : unreachable(url, code));
    signal.addEventListener('abort', leave, { once: true });
    socket.setTimeout(10_000, () => end(secure ? undefined : unreachable(url, 'ETIMEDOUT')));
    socket.once('secureConnect', () => {
      secure = true;
      socket.setTimeout(silenceMs);
      socket.resume();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const failure = handshakeFailure(error.code, url.host, error);
      if (failure) return end(failure);
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return cutOff(error.code);
      end(unreachable(url, error.code ?? 'connection failed'));
    });
    socket.once('close', () => {
      const { errored }: { errored: NodeJS.ErrnoException | null } = wire;
      cutOff(errored?.code ?? 'ECONNRESET');
    });
  });
}

const hungUp = (url: URL, code: string) =>
  new ProviderError('CREDENTIALS_REJECTED', `${url.host} hangs up on our client certificate (${code})`, {
    hint: 'See at the provider whether this certificate was signed there, is active, and is of this environment.',
    providerCode: code,
  });

const unreachable = (url: URL, code: string) =>
  new ProviderError('UNAVAILABLE', `${url.host} could not be reached (${code})`, {
    hint: 'Check the base URL and the network, or ask again later.',
    providerCode: code,
  });

/** As Node's TLS names them. */
export const tlsOptions = (identity: Identity | undefined) =>
  identity && {
    cert: identity.certificate,
    key: identity.privateKey,
    ...(identity.ca === undefined ? {} : { ca: identity.ca }),
  };
