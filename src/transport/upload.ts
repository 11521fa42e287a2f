import { isIP } from 'node:net';
import { Readable } from 'node:stream';

import { Agent, request } from 'undici';

import { ProviderError } from '../domain/errors.ts';
import { toNetworkError } from './http.ts';
import { createCheckedConnector, isLoopback, isPrivate, PrivateAddress } from './networks.ts';

export interface UploadRules {
  /** Host names; each allows its subdomains too. */
  readonly hosts: readonly string[];
  /** Allows loopback addresses, for an account whose provider is emulated on this machine. */
  readonly loopback: boolean;
}

/** Returns the reason why a document must not be sent to a URL that a provider named; undefined where it may. */
export function uploadUrlError(url: URL, { hosts, loopback }: UploadRules): string | undefined {
  const { protocol, hostname, username, password } = url;
  if (loopback && isLoopback(hostname) && /^https?:$/.test(protocol)) return undefined;
  if (protocol !== 'https:') return 'is not https';
  if (username || password) return 'contains a user name or password';
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return 'has an IP address in place of a host name';
  if (!hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`)))
    return 'is on a host that uploadHosts does not name';
  return undefined;
}

export interface Upload {
  readonly url: URL;
  readonly rules: UploadRules;
  readonly body: Readable;
  /** Bytes. */
  readonly size: number;
  /** Receives the number of bytes sent so far. */
  readonly onProgress?: (sent: number) => void;
  readonly signal: AbortSignal;
}

/** An upload fails after this long without progress. */
const stallTimeoutMs = 60_000;

/** Sends a stream by PUT to a URL that a provider named, without credentials and without following a redirect. */
export async function upload({ url, rules, body, size, onProgress, signal }: Upload): Promise<void> {
  const urlError = uploadUrlError(url, rules);
  if (urlError) {
    throw new ProviderError('REJECTED', `the upload URL ${urlError}, so nothing was sent to ${url.host}`, {
      hint: 'If the provider does keep files there, add the host to the account’s uploadHosts.',
    });
  }
  const isAllowed = (address: string) => !isPrivate(address) || (rules.loopback && isLoopback(address));
  const connect = createCheckedConnector(isAllowed);
  const agent = new Agent({ connect, headersTimeout: stallTimeoutMs, bodyTimeout: stallTimeoutMs });
  try {
    const response = await request(url, {
      dispatcher: agent,
      method: 'PUT',
      headers: { 'content-length': String(size) },
      body: Readable.from(withProgress(body, onProgress)),
      signal,
    });
    await response.body.dump();
    if (response.statusCode >= 200 && response.statusCode < 300) return;
    throw new ProviderError('REJECTED', `${url.host} responded ${response.statusCode} to the upload`, {
      hint: 'The upload URL may have expired: create a new job.',
    });
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    signal.throwIfAborted();
    if (error instanceof PrivateAddress) {
      throw new ProviderError('REJECTED', `${url.host} is in a private network, so nothing was sent`, {
        hint: 'Check where that URL came from.',
        cause: error,
      });
    }
    throw toNetworkError(error, { api: 'files', method: 'PUT', url });
  } finally {
    await agent.destroy();
  }
}

async function* withProgress(body: Readable, onProgress: Upload['onProgress']): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    yield chunk;
    sent += chunk.length;
    onProgress?.(sent);
  }
}
