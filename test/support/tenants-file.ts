import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const digest = `sha256:${'0'.repeat(64)}`;
const credentials: Readonly<Record<string, object>> = {
  usps: { clientId: 'id', clientSecret: 'secret' },
  easypost: { apiKey: 'EZTK0123' },
};

const completeTenant = (given: object) => ({ id: 'acme', apiKeys: [digest], accounts: [], ...given });
const completeAccount = (given: { provider: string; credentials?: object }) => ({
  environment: 'test',
  ...given,
  credentials: { ...credentials[given.provider], ...given.credentials },
});

const parts: Readonly<Record<string, (given: any) => object>> = {
  tenants: (given) => given,
  tenant: (given) => ({ tenants: [completeTenant(given)] }),
  account: (given) => ({ tenants: [completeTenant({ accounts: [completeAccount(given)] })] }),
  'api-key': (given) => ({ tenants: [completeTenant({ apiKeys: [given] })] }),
};

/** The parts of a tenants file that documentation shows. */
export const tenantsFileParts: readonly string[] = Object.keys(parts);

/** Completes a part of a tenants file, and creates the files that it refers to in a folder. */
export function completeTenantsFile(part: string, code: string, folder: string): string {
  const manifest = JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: [] });
  const contentOf = (path: string) => (path.endsWith('.json') ? manifest : 'EZTK0123');
  const text = code
    .replaceAll('sha256:<hex of the key>', digest)
    .replaceAll(/"(\/(?:run|etc)\/[^"]*)"/g, (_, path: string) => {
      const file = join(folder, path.replaceAll('/', '-'));
      writeFileSync(file, contentOf(path));
      return JSON.stringify(file);
    });
  return JSON.stringify(parts[part]!(JSON.parse(text)));
}
