import { addressFields, count, failureFields, reads, type Tool } from './tool.ts';

interface Data {
  readonly addressVerification: { readonly status: string; readonly changes: readonly unknown[] };
}

export const verifyAddress: Tool<Data> = {
  name: 'verify_address',
  title: 'Verify an address',
  description:
    'Verifies that mail can be delivered to an address, and returns its standardized form. Use it before quote_rates.',
  annotations: reads,
  document: /* GraphQL */ `
    query VerifyAddress($address: AddressInput!, $accountId: ID) {
      addressVerification(address: $address, accountId: $accountId) {
        status
        address {
          ...AddressFields
        }
        changes {
          field
          from
          to
        }
        messages {
          code
          field
          untrustedMessage: message
          untrustedSuggestion: suggestion
        }
        failures {
          ...FailureFields
        }
      }
    }
    ${addressFields}
    ${failureFields}
  `,
  summarize: ({ addressVerification: { status, changes } }) =>
    `The address is ${status}, with ${count(changes, 'change')}.`,
};
