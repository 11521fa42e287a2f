import { Agent, request as undiciRequest } from 'undici';

import { ProviderError } from '../domain/errors.ts';
import { unreachable, type Send } from './http.ts';
import { createCheckedConnector, isLoopback, isPrivate, PrivateAddress } from './networks.ts';

export interface DownloadRules {
  /** Where files may lie. */
  readonly mayFetch: (url: URL) => boolean;
  /** Whether this machine itself may be asked: for an account whose provider is emulated here. */
  readonly loopback: boolean;
}

/** No label is larger; a form of several pages stays far below. */
const largestFile = 10 * 1024 * 1024;

/** What a file begins with, by how its name ends. A printer's commands may follow a blank line. */
const beginnings: Readonly<Record<string, RegExp>> = {
  pdf: /^%PDF-/,
  png: /^\x89PNG\r\n\x1a\n/,
  zpl: /^\s*(\^XA|~|\^FX|CT~)/,
};

/**
 * Fetches a file whose address came from outside, so that it can lead nowhere but to the file: from a known host,
 * whose name means no address of a private network, without a redirect, no more than a label is, and what it says it
 * is. Nothing of ours goes along.
 */
export const download =
  ({ mayFetch, loopback }: DownloadRules): Send =>
  async ({ url }, signal) => {
    if (!mayFetch(url)) throw unfit(url, 'it lies at a host that is not known');
    const isAllowed = (address: string) => !isPrivate(address) || (loopback && isLoopback(address));
    // A connection of its own, closed afterwards: labels are fetched once.
    const agent = new Agent({
      connect: createCheckedConnector(isAllowed),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    try {
      const { statusCode, headers, body } = await undiciRequest(url, { dispatcher: agent, signal });
      if (statusCode >= 300 && statusCode < 400) throw unfit(url, 'the host sends us elsewhere');
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > largestFile) throw unfit(url, `it is larger than ${largestFile / 1024 / 1024} MB`);
        chunks.push(chunk);
      }
      const file = Buffer.concat(chunks);
      if (statusCode === 200 && !beginsRight(url, file)) throw unfit(url, 'it is not what its name says');
      return { status: statusCode, headers, body: file };
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (error instanceof PrivateAddress) throw unfit(url, 'its host lies in a private network', error);
      if (signal.aborted) throw signal.reason;
      throw unreachable(error, { api: 'files', method: 'GET', url });
    } finally {
      await agent.destroy();
    }
  };

function beginsRight(url: URL, file: Buffer): boolean {
  const head = file.subarray(0, 64).toString('latin1');
  const byName = beginnings[/\.(\w+)$/.exec(url.pathname)?.[1]?.toLowerCase() ?? ''];
  return (byName ? [byName] : Object.values(beginnings)).some((beginning) => beginning.test(head));
}

function unfit({ host }: URL, why: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `a file at ${host} was not fetched: ${why}`, {
    hint: 'If the provider has moved its files, report this with the host that it names.',
    cause,
  });
}
