import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

import { buildConnector } from 'undici';

/** The host is in a private network. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

/** Checks the addresses that the connection itself uses: a second look-up of a name may return other addresses. */
export function createCheckedConnector(isAllowed: (address: string) => boolean): buildConnector.connector {
  const connect = buildConnector({
    timeout: 10_000,
    rejectUnauthorized: true,
    lookup: (hostname, options, callback) =>
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, []);
        if (!addresses.every(({ address }) => isAllowed(address))) return callback(new PrivateAddress(), []);
        if (options.all) return callback(null, addresses);
        callback(null, addresses[0]!.address, addresses[0]!.family);
      }),
  });
  return (options, callback) => {
    // An IP address is not looked up, so it is checked here.
    const address = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0 && !isAllowed(address)) return callback(new PrivateAddress(), null);
    connect(options, callback);
  };
}

const loopbacks = new BlockList();
loopbacks.addSubnet('127.0.0.0', 8);
loopbacks.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return host === 'localhost' || isListed(loopbacks, address);
}

/** Networks without public hosts (IANA's special-purpose address registries), and IPv6 forms that embed IPv4 addresses. */
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

/** An IPv4 address in IPv6 form counts as IPv4. */
function isListed(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
