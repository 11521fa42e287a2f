import { connect as dial } from 'node:net';
import { connect } from 'node:tls';

import { ProviderError, type ProviderErrorDetails } from '../domain/errors.ts';
import type { ClientCertificate } from './client-certificate.ts';

/** What a handshake failed of, by the code of Node or OpenSSL; undefined where it was something else. */
export function tlsFailure(
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
export function probeTls(
  url: URL,
  identity: ClientCertificate | undefined,
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
    const cutOff = (code: string) =>
      end(wire.bytesRead > 0 ? hungUp(url, code) : connectionFailure(url, code));
    signal.addEventListener('abort', leave, { once: true });
    socket.setTimeout(10_000, () => end(secure ? undefined : connectionFailure(url, 'ETIMEDOUT')));
    socket.once('secureConnect', () => {
      secure = true;
      socket.setTimeout(silenceMs);
      socket.resume();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const failure = tlsFailure(error.code, url.host, error);
      if (failure) return end(failure);
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return cutOff(error.code);
      end(connectionFailure(url, error.code ?? 'connection failed'));
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

/** Nobody was got through to. */
export const connectionFailure = (
  { host }: URL,
  code: string,
  details: ProviderErrorDetails = { providerCode: code },
) =>
  new ProviderError('UNAVAILABLE', `${host} could not be reached (${code})`, {
    hint: 'Check the base URL and the network, or ask again later.',
    ...details,
  });

/** As Node's TLS names them. */
export const tlsOptions = (identity: ClientCertificate | undefined) =>
  identity && {
    cert: identity.certificate,
    key: identity.privateKey,
    ...(identity.ca === undefined ? {} : { ca: identity.ca }),
  };
