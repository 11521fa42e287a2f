import { Agent, request as undiciRequest } from 'undici';

import { ProviderError } from '../domain/errors.ts';
import { toNetworkError, type Send } from './http.ts';
import { createCheckedConnector, isLoopback, isPrivate, PrivateAddress } from './networks.ts';

export interface DownloadRules {
  /** Tells whether the provider keeps files at a URL. */
  readonly mayFetch: (url: URL) => boolean;
  /** Allows loopback addresses, for an account whose provider is emulated on this machine. */
  readonly loopback: boolean;
}

/** In bytes. Labels and forms of several pages stay far below. */
const maxFileSize = 10 * 1024 * 1024;

/** The first bytes of a file by its extension. ZPL commands may follow a blank line. */
const signatures: Readonly<Record<string, RegExp>> = {
  pdf: /^%PDF-/,
  png: /^\x89PNG\r\n\x1a\n/,
  zpl: /^\s*(\^XA|~|\^FX|CT~)/,
};

/**
 * Fetches a file whose URL came from outside: only from a known host that resolves to no private network, without
 * following a redirect, up to 10 MB, and only content that matches its extension. Sends no credentials.
 */
export const download =
  ({ mayFetch, loopback }: DownloadRules): Send =>
  async ({ url }, signal) => {
    if (!mayFetch(url)) throw notFetched(url, 'the host is unknown');
    const isAllowed = (address: string) => !isPrivate(address) || (loopback && isLoopback(address));
    // Labels are fetched once, so their connections are not kept.
    const agent = new Agent({
      connect: createCheckedConnector(isAllowed),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    try {
      const { statusCode, headers, body } = await undiciRequest(url, { dispatcher: agent, signal });
      if (statusCode >= 300 && statusCode < 400) throw notFetched(url, 'the host redirects the request');
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > maxFileSize) throw notFetched(url, `it is larger than ${maxFileSize / 1024 / 1024} MB`);
        chunks.push(chunk);
      }
      const file = Buffer.concat(chunks);
      if (statusCode === 200 && !matchesExtension(url, file))
        throw notFetched(url, 'its content does not match its name');
      return { status: statusCode, headers, body: file };
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (error instanceof PrivateAddress) throw notFetched(url, 'the host is in a private network', error);
      if (signal.aborted) throw signal.reason;
      throw toNetworkError(error, { api: 'files', method: 'GET', url });
    } finally {
      await agent.destroy();
    }
  };

function matchesExtension(url: URL, file: Buffer): boolean {
  const head = file.subarray(0, 64).toString('latin1');
  const expected = signatures[/\.(\w+)$/.exec(url.pathname)?.[1]?.toLowerCase() ?? ''];
  return (expected ? [expected] : Object.values(signatures)).some((signature) => signature.test(head));
}

function notFetched({ host }: URL, reason: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `a file at ${host} was not fetched: ${reason}`, {
    hint: 'If the provider has moved its files, report this with the name of the host.',
    cause,
  });
}
