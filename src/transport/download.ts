import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

import { Agent, buildConnector, request as undiciRequest } from 'undici';

import { ProviderError } from '../domain/errors.ts';
import { unreachable, type Send } from './http.ts';

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
    const agent = new Agent({ connect: checkedConnect(isAllowed), headersTimeout: 0, bodyTimeout: 0 });
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

/** A host that lies where nothing public does. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

/** Judges the very addresses that are connected to: asked for twice, a name may mean two things. */
export function checkedConnect(isAllowed: (address: string) => boolean): buildConnector.connector {
  const connect = buildConnector({
    timeout: 10_000,
    rejectUnauthorized: true,
    lookup: (hostname, options, callback) =>
      lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, []);
        if (!found.every(({ address }) => isAllowed(address))) return callback(new PrivateAddress(), []);
        if (options.all) return callback(null, found);
        callback(null, found[0]!.address, found[0]!.family);
      }),
  });
  return (options, callback) => {
    // An address in place of a name is not looked up.
    const address = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0 && !isAllowed(address)) return callback(new PrivateAddress(), null);
    connect(options, callback);
  };
}

function beginsRight(url: URL, file: Buffer): boolean {
  const head = file.subarray(0, 64).toString('latin1');
  const byName = beginnings[/\.(\w+)$/.exec(url.pathname)?.[1]?.toLowerCase() ?? ''];
  return (byName ? [byName] : Object.values(beginnings)).some((beginning) => beginning.test(head));
}

const loopbacks = new BlockList();
loopbacks.addSubnet('127.0.0.0', 8);
loopbacks.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return host === 'localhost' || isListed(loopbacks, address);
}

/** Networks in which nothing public lies (IANA's special-purpose registries), and ways around that rule. */
const privates = new BlockList();
const networks = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24],
  ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
  ['::', 127], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001:db8::', 32], ['2002::', 16],
  ['fc00::', 7], ['fe80::', 10], ['ff00::', 8],
] as const; // prettier-ignore
for (const [network, bits] of networks)
  privates.addSubnet(network, bits, network.includes(':') ? 'ipv6' : 'ipv4');

export const isPrivate = (address: string) => isListed(privates, address);

/** An IPv4 address written as one of IPv6 counts as what it is. */
function isListed(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function unfit({ host }: URL, why: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `a file at ${host} was not fetched: ${why}`, {
    hint: 'If the provider has moved its files, report this with the host that it names.',
    cause,
  });
}
