import type { ToolAnnotations } from '@modelcontextprotocol/server';

/** A tool of `/mcp`: one GraphQL operation of this server, executed with the permissions of the caller. */
export interface Tool<Data = never> {
  readonly name: string;
  readonly title: string;
  /** Tells an agent what the tool does, and what to do before and after. */
  readonly description: string;
  readonly annotations: ToolAnnotations;
  /**
   * Its variables are the arguments of the tool. Text that carriers or other people write is selected under a name that
   * begins with `untrusted`.
   */
  readonly document: string;
  /** Describes the data of a successful operation in a sentence or two, without untrusted text. */
  readonly summarize: (data: Data) => string;
}

export interface Money {
  readonly amount: string;
  readonly currencyCode: string;
}

export const showMoney = ({ amount, currencyCode }: Money) => `${amount} ${currencyCode}`;

export const count = (items: readonly unknown[], one: string, many = `${one}s`) =>
  `${items.length} ${items.length === 1 ? one : many}`;

/** For reading tools: they change nothing, and ask services outside of this server. */
export const reads: ToolAnnotations = { readOnlyHint: true, openWorldHint: true };

export const failureFields = /* GraphQL */ `
  fragment FailureFields on ProviderFailure {
    account {
      id
    }
    code
    untrustedMessage: message
    hint
    retryable
    retryAfterSeconds
    field
  }
`;

export const addressFields = /* GraphQL */ `
  fragment AddressFields on Address {
    name
    company
    street1
    street2
    urbanization
    city
    state
    postalCode
    country
    phone
    email
    residential
  }
`;
