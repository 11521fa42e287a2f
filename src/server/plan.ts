import { HeaderMap, type GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import {
  createSourceEventStream,
  execute,
  GraphQLError,
  OperationTypeNode,
  type ExecutionResult,
  type GraphQLFormattedError,
} from 'graphql';

import type { Caller } from '../accounts/account.ts';
import type { Context } from '../auth/context.ts';
import { createRequestRecord, recordResult, runRequest, type RequestRecord } from '../auth/request-record.ts';
import { withHint } from '../resolvers/error-codes.ts';
import { CallPlan } from '../transport/call-plan.ts';
import { variableError } from './input-paths.ts';
import type { OperationPlugin } from './operation-plugin.ts';
import { describeCalls } from './provider-calls.ts';
import { countHeader, switchHeader } from './request-headers.ts';
import { withCode } from './with-code.ts';

const planHeader = 'x-parcelgraph-plan';
const limitHeader = 'x-parcelgraph-max-provider-calls';

/** An operation that was executed without a call: what it would ask, and the errors that it would have all the same. */
interface PlannedOperation {
  readonly plan: CallPlan;
  readonly record: RequestRecord;
  readonly errors: readonly GraphQLError[];
}

/**
 * Plans operations before they are executed. With the header `x-parcelgraph-plan` the plan is the response. An operation
 * that may take more calls than `x-parcelgraph-max-provider-calls`, or else the tenant's setting `maxProviderCalls`, is
 * refused with its plan.
 */
export const planOperations = (
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): OperationPlugin => ({
  requestDidStart() {
    let planned: { readonly extension: object; readonly errors: readonly GraphQLError[] } | undefined;
    return {
      async didResolveOperation(operation) {
        const { headers } = operation.request.http ?? {};
        const { caller } = operation.contextValue;
        const isPlan = switchHeader(headers, planHeader) ?? false;
        const limit = countHeader(headers, limitHeader) ?? caller?.tenant.maxProviderCalls;
        if (caller === undefined || (!isPlan && limit === undefined)) return;
        if (isPlan && operation.operation?.operation === OperationTypeNode.SUBSCRIPTION) throw noPlan();
        const { plan, record, errors } = await planOperation(operation);
        const overLimit =
          limit !== undefined && plan.callsAtMost > limit ? tooManyCalls(plan, limit) : undefined;
        if (!isPlan && !overLimit) return;
        const extension = await describePlan(plan, record, caller, overLimit);
        if (!isPlan) throw toGraphQLError(overLimit!, extension);
        planned = { extension, errors };
      },
      responseForOperation() {
        if (planned === undefined) return null;
        const errors = planned.errors.map((error) => formatError(withCode(error), error));
        const singleResult = { data: null, extensions: { plan: planned.extension } };
        return {
          http: { headers: new HeaderMap() },
          body: {
            kind: 'single',
            singleResult: errors.length > 0 ? { errors, ...singleResult } : singleResult,
          },
        };
      },
    };
  },
});

/** Executes an operation while every call is counted and none is sent. A planned call has the code UNREADABLE, and no other. */
async function planOperation({
  schema,
  document,
  operation,
  request: { variables, operationName },
  contextValue,
}: GraphQLRequestContextDidResolveOperation<Context>): Promise<PlannedOperation> {
  const invalid = operation && variableError(schema, document, operation, variables ?? {});
  if (invalid) throw invalid;
  const plan = new CallPlan();
  const record = createRequestRecord(contextValue.requestId, plan);
  const args = {
    schema,
    document,
    contextValue: contextValue.planned(),
    variableValues: variables,
    operationName,
  };
  const { errors = [] } = await runRequest(record, async () =>
    operation?.operation === OperationTypeNode.SUBSCRIPTION
      ? drain(await createSourceEventStream(args))
      : execute(args),
  );
  return { plan, record, errors: errors.filter(({ extensions }) => extensions.code !== 'UNREADABLE') };
}

/** Reads a subscription, which in a plan ends after its first state. */
async function drain(events: AsyncIterable<unknown> | ExecutionResult): Promise<ExecutionResult> {
  if (!(Symbol.asyncIterator in events)) return events;
  for await (const event of events) recordResult(event);
  return {};
}

const noPlan = () =>
  new GraphQLError('a subscription has no plan', {
    extensions: {
      code: 'BAD_REQUEST',
      header: planHeader,
      hint: 'Plan the query `rates` or `trackers` with the same arguments.',
      http: { status: 400 },
    },
  });

/** Describes a plan as `describeCalls` describes a record, with why accounts were selected and what would be refused. */
async function describePlan(
  plan: CallPlan,
  { failures, userErrors }: RequestRecord,
  caller: Caller,
  overLimit: Refusal | undefined,
) {
  const described = await describeCalls(plan, caller);
  const overQuota = described.calls.flatMap(({ account, api, calls, quota }) =>
    quota && quota.remaining < calls
      ? [
          {
            account,
            code: 'QUOTA_EXHAUSTED',
            message: `${calls - quota.remaining} of ${calls} calls to ${api} exceed the quota`,
            hint: `Ask for less, or wait until ${quota.resetsAt}.`,
          },
        ]
      : [],
  );
  return {
    ...described,
    selected: plan.choices.filter(({ account }) => plan.counts.some((count) => count.account === account)),
    refused: [
      ...(overLimit ? [overLimit] : []),
      ...[...failures.values()].filter(({ code }) => code !== 'UNREADABLE'),
      ...overQuota,
      ...[...userErrors].map((error) => {
        const [code, field] = error.split(' ');
        return { code, field: field?.split('.') };
      }),
    ],
  };
}

/** The reason why an operation is refused as a whole. */
type Refusal = ReturnType<typeof tooManyCalls>;

const tooManyCalls = ({ callsAtMost }: CallPlan, limit: number) => ({
  ...withHint('TOO_MANY_PROVIDER_CALLS'),
  message: `the operation takes up to ${callsAtMost} calls to providers, and ${limit} are allowed`,
});

const toGraphQLError = ({ code, message, hint }: Refusal, plan: object) =>
  new GraphQLError(message, { extensions: { code, hint, plan, http: { status: 400 } } });
