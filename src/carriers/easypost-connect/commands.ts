import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { ProviderCommand } from '../provider.ts';

const usage = `npm run connect -- csr --cn NAME [--out DIR]

Creates the private key of an EasyPost Connect account and a certificate signing request for it:
  --cn    the common name of the certificate; any name by which you recognise it
  --out   the folder for easypost-connect.key and easypost-connect.csr. Default: the current folder

Example: npm run connect -- csr --cn my-server`;

/** The most characters of a common name (RFC 5280, appendix A: ub-common-name). */
export const maxNameLength = 64;

/** `npm run connect -- csr` */
export const createRequestCommand: ProviderCommand = {
  name: 'csr',
  usage,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { cn: { type: 'string' }, out: { type: 'string', default: '.' } },
    });
    const name = values.cn?.trim() ?? '';
    if (name === '') throw new Error(usage);
    if (name.length > maxNameLength) throw new Error(`--cn has at most ${maxNameLength} characters`);
    return writeKeyAndRequest(name, values.out);
  },
};

/** Creates a key that only its owner can read, and its signing request. Rejects where either file exists. */
async function writeKeyAndRequest(name: string, folder: string): Promise<string> {
  const keyFile = join(folder, 'easypost-connect.key');
  const requestFile = join(folder, 'easypost-connect.csr');
  const existing = [keyFile, requestFile].filter((file) => existsSync(file));
  if (existing.length > 0) {
    throw new Error(
      `${existing.join(' and ')} exists already, and is not overwritten: move it away, or choose another folder by --out`,
    );
  }
  // Imported here, since a server never creates a request.
  const { createSigningRequest } = await import('./certificate-request.ts');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  mkdirSync(folder, { recursive: true });
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  const request = createSigningRequest(name, privateKey);
  writeFileSync(requestFile, request, { flag: 'wx' });
  return `${request}
The private key is in ${keyFile}, which only you can read. It never leaves this machine.
The request above is also in ${requestFile}. Next steps:
  1. Paste the request in the EasyPost portal: Services, Integration Pack, Connect API tab.
  2. Save the certificate that the portal returns beside the key, for example as ${join(folder, 'easypost-connect.pem')}.
  3. Create the OAuth client and the API key in the same tab.
  4. Set EASYPOST_CONNECT_KEY_FILE and EASYPOST_CONNECT_CERT_FILE to the two files. docs/providers/easypost-connect.md lists the
     other settings. \`npm run doctor\` checks all of them.`;
}
