import { lookup } from 'node:dns/promises';

import { Agent, request } from 'undici';

import { createCheckedConnector, isLoopback, isPrivate, PrivateAddress } from './networks.ts';

/** Sends requests to URLs that tenants choose. */
export interface WebhookTarget {
  /** Returns why a URL is never sent to; undefined where it may be. Resolves the name of its host. */
  refusal(url: URL): Promise<string | undefined>;
  /** Posts a body and returns the status. Throws where there is no answer; follows no redirect. */
  post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<number>;
  close(): Promise<void>;
}

const timeoutMs = 15_000;

/**
 * Creates a sender that connects to public hosts by https alone. The address is checked again when it connects, since a
 * name may resolve to another one by then.
 *
 * @param loopback allows this machine too, and http to it, for a sandbox
 */
export function createWebhookTarget(loopback: boolean): WebhookTarget {
  const isAllowed = (address: string) => !isPrivate(address) || (loopback && isLoopback(address));
  const agent = new Agent({ connect: createCheckedConnector(isAllowed), keepAliveTimeout: 10_000 });
  return {
    async refusal({ protocol, hostname, username, password }) {
      const mayBePlain = loopback && isLoopback(hostname);
      if (protocol !== 'https:' && !(protocol === 'http:' && mayBePlain)) return 'must begin with https://';
      if (username || password) return 'has no user and password; verify the signature instead';
      const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
      if (found.length === 0) return 'has a host that is not found; check its spelling';
      if (!found.every(({ address }) => isAllowed(address)))
        return 'resolves to a private address; use a public host';
      return undefined;
    },
    async post(url, headers, body) {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal });
      await response.body.dump();
      return response.statusCode;
    },
    close: () => agent.destroy(),
  };
}

/** Says in one line why there was no answer, without the URL, whose path may hold a secret. */
export function describeNoAnswer(error: unknown): string {
  if (error instanceof PrivateAddress) return 'the host resolves to a private address';
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} seconds`;
  return `no connection${code ? ` (${code})` : ''}`;
}
