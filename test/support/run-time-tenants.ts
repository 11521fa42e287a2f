import type { Answer } from './test-server.ts';

const accountFields = 'id provider name environment active operations';
const payload = 'diagnostics { check status message hint } userErrors { code field message }';

export const operations = {
  tenantCreate: `mutation ($input: TenantCreateInput!) { result: tenantCreate(input: $input) { tenant { id name createdAt } userErrors { code field message } } }`,
  tenantDelete: `mutation ($input: TenantDeleteInput!) { result: tenantDelete(input: $input) { tenant { id } userErrors { code field message } } }`,
  accountSet: `mutation ($input: ProviderAccountSetInput!) { result: providerAccountSet(input: $input) { account { ${accountFields} } ${payload} } }`,
  accountRemove: `mutation ($input: ProviderAccountRemoveInput!) { result: providerAccountRemove(input: $input) { account { ${accountFields} } ${payload} } }`,
  keyCreate: `mutation ($input: ApiKeyCreateInput!) { result: apiKeyCreate(input: $input) { key apiKey { id } userErrors { code field message } } }`,
} as const;

/** Sends the changes of tenants by a function that asks a server, with a key that has `admin`. */
export function administer(ask: (query: string, variables: object) => Promise<Answer<any>>) {
  const send =
    (query: string) =>
    async (input: object): Promise<any> => {
      const answer = await ask(query, { input });
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
      return answer.data.result;
    };
  const changes = {
    tenantCreate: send(operations.tenantCreate),
    tenantDelete: send(operations.tenantDelete),
    accountSet: send(operations.accountSet),
    accountRemove: send(operations.accountRemove),
  };
  const createKey = send(operations.keyCreate);
  return {
    ...changes,
    /** Creates a key with every permission but `admin`. */
    async keyCreate(tenantId: string): Promise<string> {
      const permissions = ['RATES_READ', 'ADDRESSES_READ', 'TRACKING_READ', 'LABELS_WRITE'];
      return (await createKey({ tenantId, permissions })).key;
    },
  };
}
