import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, visit, type DocumentNode, type SelectionSetNode } from 'graphql';

import type { Context } from '../auth/context.ts';
import { createAttributionLimit } from '../auth/attribution.ts';
import { currentRequest } from '../auth/request-record.ts';
import { redact } from '../domain/redaction.ts';
import { unauthenticated } from '../resolvers/require-caller.ts';
import type { Metrics } from './metrics.ts';

/** The root fields that need no API key: introspection, also that of a federation router. */
const publicFields = new Set(['__schema', '__type', '__typename', '_service']);

/** Rejects an operation without a valid API key before it is executed, unless it selects public fields only. */
export const requireAuth: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, contextValue }) {
        const fields = operation ? rootFields(operation.selectionSet, document) : [];
        if (contextValue.caller === undefined && fields.some((field) => !publicFields.has(field)))
          throw unauthenticated(contextValue);
      },
    };
  },
};

function rootFields({ selections }: SelectionSetNode, document: DocumentNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(fragment.selectionSet, document) : [];
  });
}

/** Rejects strings that JSON can carry and Postgres can't store: U+0000 and unpaired surrogates. */
export const rejectInvalidText: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, request: { variables } }) {
        const values: unknown[] = [variables, ...textsOf(document)];
        // The list grows while it is walked: no recursion, whose depth a client could exhaust.
        for (const value of values) {
          if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
            throw invalidText();
          if (typeof value === 'object' && value !== null)
            for (const part of Object.values(value)) values.push(part);
        }
      },
    };
  },
};

/** The strings of documents, by document: Apollo Server keeps those that it has parsed. */
const documentTexts = new WeakMap<DocumentNode, readonly string[]>();

function textsOf(document: DocumentNode): readonly string[] {
  const known = documentTexts.get(document);
  if (known) return known;
  const texts: string[] = [];
  visit(document, { StringValue: ({ value }) => void texts.push(value) });
  documentTexts.set(document, texts);
  return texts;
}

const invalidText = () =>
  new GraphQLError('a string contains U+0000 or an unpaired surrogate, which are not characters', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/**
 * Counts each operation, and records its name, its client and its error codes; no arguments, which hold addresses. The
 * client is named by the headers of Apollo's clients.
 */
export const recordOperations = (metrics: Metrics): ApolloServerPlugin<Context> => {
  const limitAttribution = createAttributionLimit();
  return {
    async requestDidStart({ contextValue: { caller, storage, clock } }) {
      const started = performance.now();
      return {
        async didResolveOperation({ operationName, request: { http } }) {
          const record = currentRequest();
          if (record === undefined || caller === undefined) return;
          const client = ['name', 'version'].map((part) => http?.headers.get(`apollographql-client-${part}`));
          record.attribution = limitAttribution(caller.tenant.id, {
            operation: operationName ?? undefined,
            client: redact(client.filter(Boolean).join(' ')) || undefined,
          });
        },
        async willSendResponse({ operationName, operation, response: { body } }) {
          // As they are sent: an error that a resolver throws has its code only then.
          const { errors } = body.kind === 'single' ? body.singleResult : body.initialResult;
          const codes = errors?.map((error) => String(error.extensions?.code));
          const record = currentRequest();
          if (record) {
            record.tenant = caller?.tenant.id;
            record.operation = operationName ?? undefined;
            record.errors = codes && [...new Set(codes)];
            for (const { account, api, joined } of record.providerCalls.counts) {
              if (joined === 0) continue;
              const at = clock.now();
              storage.usage.add({ tenantId: caller!.tenant.id, accountId: account, api, at, ...record.attribution, joined }); // prettier-ignore
            }
          }
          // A document that can't be parsed has no operation.
          metrics.onOperation(operation?.operation ?? 'none', performance.now() - started, codes?.[0]);
        },
      };
    },
  };
};

/** Keeps every response out of caches: it is for one caller, and of this moment. */
export const forbidCaching: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        response.http.headers.set('cache-control', 'no-store');
      },
    };
  },
};
