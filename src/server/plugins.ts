import { GraphQLError, visit, type DocumentNode } from 'graphql';

import { createAttributionLimit } from '../auth/attribution.ts';
import { currentRequest } from '../auth/request-record.ts';
import { redact } from '../domain/redaction.ts';
import type { Metrics } from './metrics.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** Rejects strings that JSON can carry and Postgres can't store: U+0000 and unpaired surrogates. */
export const rejectInvalidText: OperationPlugin = {
  didResolveOperation({ document, request: { variables } }) {
    const objects: object[] = [textsOf(document), variables ?? {}];
    // The list grows while it is walked: no recursion, whose depth a client could exhaust.
    for (const object of objects) {
      for (const value of Object.values(object) as unknown[]) {
        if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) throw invalidText();
        if (typeof value === 'object' && value !== null) objects.push(value);
      }
    }
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
export const recordOperations = (metrics: Metrics): OperationPlugin => {
  const limitAttribution = createAttributionLimit();
  return {
    requestDidStart({ contextValue: { caller, storage, clock } }) {
      const started = performance.now();
      return {
        didResolveOperation({ operationName, request: { http } }) {
          const record = currentRequest();
          if (record === undefined || caller === undefined) return;
          const client = ['name', 'version'].map((part) => http?.headers.get(`apollographql-client-${part}`));
          record.attribution = limitAttribution(caller.tenant.id, {
            operation: operationName ?? undefined,
            client: redact(client.filter(Boolean).join(' ')) || undefined,
          });
        },
        willSendResponse({ operationName, operation, response: { body } }) {
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
