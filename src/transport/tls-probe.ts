import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { ProviderError, type ProviderErrorDetails } from '../domain/errors.ts';
import type { ClientCertificate } from './certificate-files.ts';

const checkCertificate =
  'Check with the provider that this certificate was signed there, is active, and belongs to this environment.';

/** TLS failures by the code of Node or OpenSSL; the first pattern that matches applies. */
const tlsFailures: readonly {
  readonly pattern: RegExp;
  readonly code: 'CREDENTIALS_REJECTED' | 'UNAVAILABLE';
  readonly message: (host: string) => string;
  readonly hint: string;
}[] = [
  {
    pattern: /^ERR_SSL_.*ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/,
    code: 'CREDENTIALS_REJECTED',
    message: (host) => `${host} refuses our client certificate`,
    hint: checkCertificate,
  },
  {
    pattern: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    code: 'UNAVAILABLE',
    message: (host) => `${host} presents a certificate for another name`,
    hint: 'Check the base URL: its host must be named in the server’s certificate.',
  },
  {
    pattern: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    code: 'UNAVAILABLE',
    message: (host) => `the certificate of ${host} has expired or is not valid yet`,
    hint: 'Check this machine’s clock; if it is right, the provider has to renew its certificate.',
  },
  {
    pattern: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|ERR_TLS_CERT)/,
    code: 'UNAVAILABLE',
    message: (host) => `the certificate of ${host} is signed by no authority that we trust`,
    hint: 'Check the base URL; if the provider or a proxy has an authority of its own, set its certificate as ca.',
  },
  {
    pattern: /^ERR_SSL_/,
    code: 'UNAVAILABLE',
    message: (host) => `the TLS handshake with ${host} failed`,
    hint: 'Check the scheme and port of the base URL.',
  },
];

/** Returns the error for a failed TLS handshake by its Node or OpenSSL code; undefined for any other code. */
export function toTlsError(
  code: string | undefined,
  host: string,
  cause?: unknown,
): ProviderError | undefined {
  const failure = code === undefined ? undefined : tlsFailures.find(({ pattern }) => pattern.test(code));
  return (
    failure &&
    new ProviderError(failure.code, `${failure.message(host)} (${code})`, {
      providerCode: code,
      hint: failure.hint,
      cause,
    })
  );
}

/** A server that accepts the certificate waits for a request; one that refuses it closes the connection well within this time. */
const acceptedAfterMs = 1_000;

/**
 * Performs a TLS handshake without a request; returns its error, or undefined where it succeeds. In TLS 1.3 a server
 * checks our certificate after our side of the handshake is complete, so a refusal during a request looks like any other
 * closed connection; this distinguishes the two.
 */
export function probeTls(
  url: URL,
  certificate: ClientCertificate | undefined,
  signal: AbortSignal,
): Promise<ProviderError | undefined> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let isSecure = false;
    const tcp = connectTcp(Number(url.port) || 443, url.hostname.replace(/^\[|\]$/g, ''));
    const tls = connectTls({
      socket: tcp,
      // An IP address is not a server name (RFC 6066).
      ...(/^[\d.]+$|:/.test(url.hostname) ? {} : { servername: url.hostname }),
      rejectUnauthorized: true,
      ...tlsOptions(certificate),
    });
    const finish = (error: ProviderError | undefined) => {
      signal.removeEventListener('abort', onAbort);
      tls.destroy();
      resolve(error);
    };
    const onAbort = () => {
      tls.destroy();
      reject(signal.reason);
    };
    /** A server that closes the connection after it has sent something has seen our certificate; before that it has not. */
    const finishClosed = (code: string) =>
      finish(tcp.bytesRead > 0 ? certificateRefused(url, code) : connectionError(url, code));
    signal.addEventListener('abort', onAbort, { once: true });
    tls.setTimeout(10_000, () => finish(isSecure ? undefined : connectionError(url, 'ETIMEDOUT')));
    tls.once('secureConnect', () => {
      isSecure = true;
      tls.setTimeout(acceptedAfterMs);
      tls.resume();
    });
    tls.once('error', (error: NodeJS.ErrnoException) => {
      const tlsError = toTlsError(error.code, url.host, error);
      if (tlsError) return finish(tlsError);
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return finishClosed(error.code);
      finish(connectionError(url, error.code ?? 'connection failed'));
    });
    tls.once('close', () => {
      const { errored }: { errored: NodeJS.ErrnoException | null } = tcp;
      finishClosed(errored?.code ?? 'ECONNRESET');
    });
  });
}

const certificateRefused = ({ host }: URL, code: string) =>
  new ProviderError(
    'CREDENTIALS_REJECTED',
    `${host} closed the connection on our client certificate (${code})`,
    { hint: checkCertificate, providerCode: code },
  );

/** Returns the error for a host that could not be connected to. */
export const connectionError = (
  { host }: URL,
  code: string,
  details: ProviderErrorDetails = { providerCode: code },
) =>
  new ProviderError('UNAVAILABLE', `${host} could not be reached (${code})`, {
    hint: 'Check the base URL and the network, or try again later.',
    ...details,
  });

/** Returns the options of `node:tls` for a client certificate. */
export const tlsOptions = (certificate: ClientCertificate | undefined) =>
  certificate && {
    cert: certificate.certificate,
    key: certificate.privateKey,
    ...(certificate.ca === undefined ? {} : { ca: certificate.ca }),
  };
