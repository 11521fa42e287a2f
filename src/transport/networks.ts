import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

import { buildConnector } from 'undici';

/** A host that lies where nothing public does. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

/** Judges the very addresses that are connected to: asked for twice, a name may mean two things. */
export function createCheckedConnector(isAllowed: (address: string) => boolean): buildConnector.connector {
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
