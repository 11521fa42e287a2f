import { beforeAll, expect, test } from 'vitest';

import { openJudge, type Judge } from './openapi.ts';
import { describeContract, readContract } from './shared.ts';
import { detailOf, deviations } from './usps-deviations.ts';
import { allResponses, responseErrors } from './usps-responses.ts';
import { operations, type ReceivedResponse, type SandboxOperation } from './usps-sandbox-client.ts';

/** The operation whose response a sample is. */
function operationOfSample(name: string): SandboxOperation {
  const [, found] = [
    [/^addresses\.address|malformed-token/, operations.address],
    [/^tracking/, operations.track],
  ].find(([form]) => (form as RegExp).test(name)) as [RegExp, SandboxOperation];
  return found;
}

describeContract('responses of the emulated USPS', () => {
  let judge: Judge;
  let recorded: ReceivedResponse[];
  let documented: ReceivedResponse[];
  beforeAll(async () => {
    judge = openJudge(deviations);
    [recorded, documented] = await Promise.all([allResponses(false), allResponses(true)]);
  });

  test('match the documents as corrected by recordings', () => {
    expect(recorded.length).toBeGreaterThan(200);
    expect(responseErrors(judge, recorded)).toEqual([]);
  });

  test('include every documented status that the sandbox has', () => {
    const reached = new Set(recorded.map(({ operation, status }) => `${operation.document} ${status}`));
    const statuses = ['200', '400', '401', '403', '429'];
    const wanted = ['addresses', 'payments', 'shipping-options', 'domestic-labels', 'tracking'].flatMap(
      (document) => statuses.map((status) => `${document} ${status}`),
    );
    const never = ['addresses 403', 'domestic-labels 403'];
    expect(wanted.filter((each) => !reached.has(each))).toEqual(never);
  });

  test('in document mode deviate only where no mode follows the document', () => {
    // The document's list of mail classes lacks the newest one, which most parcels have.
    const kept = deviations.filter(
      ({ at }) => !at.startsWith('tracking#/components/schemas/Tracking') || at === detailOf('mailClass'),
    );
    expect(responseErrors(openJudge(kept), documented)).toEqual([]);
  });

  test.each(deviations.filter(({ seen }) => !/^\d+$/.test(seen)))(
    'deviate at $at, as $seen shows',
    ({ at, seen, why }) => {
      expect(why).not.toBe('');
      const without = openJudge(deviations.filter((each) => each.at !== at));
      const document = at.split('#')[0];
      expect(
        responseErrors(
          without,
          recorded.filter((each) => each.operation.document === document),
        ),
      ).not.toEqual([]);
      if (seen === 'the document') return;
      const body = JSON.parse(readContract(`usps/samples/${seen}`)) as { error?: { code: string } };
      const status = Number(body.error?.code ?? 200);
      const operation = { ...operationOfSample(seen), ...(body.error ? operationIn(document!) : {}) };
      expect(judge.response(operation, status, body)).toEqual([]);
      expect(without.response(operation, status, body)).not.toEqual([]);
    },
  );

  const operationIn = (document: string) =>
    Object.values(operations).find((each) => each.document === document)!;
});
