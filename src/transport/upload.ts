import { isIP } from 'node:net';
import { Readable } from 'node:stream';

import { Agent, request } from 'undici';

import { ProviderError } from '../domain/errors.ts';
import { unreachable } from './http.ts';
import { createCheckedConnector, isLoopback, isPrivate, PrivateAddress } from './networks.ts';

export interface UploadRules {
  /** Host names, each with all below it. */
  readonly hosts: readonly string[];
  /** A provider emulated on this machine puts its files here too. */
  readonly loopback: boolean;
}

/** Why a document must not be put to a URL that somebody else gave us; undefined where it may. */
export function uploadFault(url: URL, { hosts, loopback }: UploadRules): string | undefined {
  const { protocol, hostname, username, password } = url;
  if (loopback && isLoopback(hostname) && /^https?:$/.test(protocol)) return undefined;
  if (protocol !== 'https:') return 'is not https';
  if (username || password) return 'names a user';
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return 'names an address in place of a host';
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
  /** Told how many bytes have been taken so far. */
  readonly onProgress?: (sent: number) => void;
  readonly signal: AbortSignal;
}

/** A host that takes nothing, or says nothing, for so long is gone. */
const stallMs = 60_000;

/** Puts a stream to a URL that a provider gave us, without credentials, and follows no redirect. */
export async function upload({ url, rules, body, size, onProgress, signal }: Upload): Promise<void> {
  const fault = uploadFault(url, rules);
  if (fault) {
    throw new ProviderError('REJECTED', `the upload URL ${fault}, so nothing was sent to ${url.host}`, {
      hint: 'If the provider does put files there, name the host in the account’s uploadHosts.',
    });
  }
  // Judged as it is connected to: asked for twice, a name may mean two things.
  const isAllowed = (address: string) => !isPrivate(address) || (rules.loopback && isLoopback(address));
  const connect = createCheckedConnector(isAllowed);
  const agent = new Agent({ connect, headersTimeout: stallMs, bodyTimeout: stallMs });
  try {
    const answer = await request(url, {
      dispatcher: agent,
      method: 'PUT',
      headers: { 'content-length': String(size) },
      body: Readable.from(counted(body, onProgress)),
      signal,
    });
    await answer.body.dump();
    if (answer.statusCode >= 200 && answer.statusCode < 300) return;
    throw new ProviderError('REJECTED', `${url.host} answered ${answer.statusCode} to the file`, {
      hint: 'The address to put it to may have ended: make a new job.',
    });
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    signal.throwIfAborted();
    if (error instanceof PrivateAddress) {
      throw new ProviderError('REJECTED', `${url.host} lies in a private network, so nothing was sent`, {
        hint: 'Look who gave that address.',
        cause: error,
      });
    }
    throw unreachable(error, { api: 'files', method: 'PUT', url });
  } finally {
    await agent.destroy();
  }
}

async function* counted(body: Readable, onProgress: Upload['onProgress']): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    yield chunk;
    sent += chunk.length;
    onProgress?.(sent);
  }
}
