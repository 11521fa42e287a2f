import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { maxNameLength, createSigningRequest } from '../carriers/easypost-connect/certificate-request.ts';
import { run } from './run.ts';

const usage = `npm run connect -- csr --cn NAME [--out DIR]

Makes the private key of an EasyPost Connect account and the request to have its certificate signed:
  --cn    whom the certificate is to name; any name that you know it by
  --out   where easypost-connect.key and easypost-connect.csr go; here when left out`;

/** Makes a key that nobody else can read, and the request that goes with it; overwrites neither. */
function makeRequest(name: string, folder: string): string {
  const key = join(folder, 'easypost-connect.key');
  const request = join(folder, 'easypost-connect.csr');
  const there = [key, request].filter((file) => existsSync(file));
  if (there.length > 0) {
    throw new Error(
      `${there.join(' and ')} is there already, and is not overwritten: move it away, or give --out`,
    );
  }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  mkdirSync(folder, { recursive: true });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  const pem = createSigningRequest(name, privateKey);
  writeFileSync(request, pem, { flag: 'wx' });
  return `${pem}
The key is in ${key}, for its owner alone. It never leaves this machine.
The request above is in ${request} too. What to do with it:
  1. Paste it in the EasyPost portal: Services, Integration Pack, Connect API tab.
  2. Save the certificate that it gives beside the key, say as ${join(folder, 'easypost-connect.pem')}.
  3. Make the OAuth client and the API key in the same tab.
  4. Set EASYPOST_CONNECT_KEY_FILE and EASYPOST_CONNECT_CERT_FILE to the two files, and see docs/easypost-connect.md
     for the rest. \`npm run doctor\` tells whether all of it is taken.`;
}

function main(): string {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { cn: { type: 'string' }, out: { type: 'string', default: '.' } },
  });
  const name = values.cn?.trim() ?? '';
  if (positionals.join() !== 'csr' || name === '') throw new Error(usage);
  if (name.length > maxNameLength) throw new Error(`--cn has at most ${maxNameLength} characters`);
  return makeRequest(name, values.out);
}

run(() => console.log(main()), usage);
