import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hashKey } from '../../src/config/config.ts';
import { mailJobId } from '../../src/domain/mail.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const hashes = { two: hashKey('key-of-two'), none: hashKey('key-of-none') };
const page = `query ($account: ID, $first: Int, $after: String) {
  mailJobs(accountId: $account, first: $first, after: $after) {
    edges { cursor node { id } }
    nodes { id status startedAt workflowId uploadUrl account { id } events { id description } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
const one = `query ($id: ID!) {
  mailJob(id: $id) { id status startedAt account { id provider operations } events { id status description occurredAt } }
}`;

describe('mail jobs', () => {
  let house: TestServer;
  /** As its configuration has them at the next start. */
  let uploadHosts: string[] = [];
  beforeAll(async () => {
    house = await openTestServer({
      tenants: ({ tenant }) => {
        const mail = tenant.accounts
          .filter(({ id }) => id === 'easypost-connect')
          .map((each) => ({ ...each, options: { ...(each.options as object), uploadHosts } }));
        const own = (id: string, accounts: typeof tenant.accounts) => ({
          id,
          name: id,
          apiKeyHashes: [hashes[id as keyof typeof hashes]],
          accounts,
        });
        return [
          {
            ...tenant,
            accounts: [...tenant.accounts.filter(({ id }) => id !== 'easypost-connect'), ...mail],
          },
          own('two', [...mail, ...mail.map((each) => ({ ...each, id: 'second' }))]),
          own('none', tenant.accounts.slice(0, 1)),
        ];
      },
    });
  });
  afterAll(() => house.close());
  const list = () => house.sandbox.easypostConnect.count('GET', /^\/jobs$/);

  it('are paged through in order, 250 of them by a hundred', async () => {
    const before = list();
    const ids: string[] = [];
    const starts: string[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { data, errors }: any = await house.ask(page, { first: 100, after });
      expect(errors).toBeUndefined();
      const { nodes, edges, pageInfo } = data.mailJobs;
      expect(edges.map(({ node }: any) => node.id)).toEqual(nodes.map(({ id }: any) => id));
      expect(pageInfo).toMatchObject({ hasPreviousPage: ids.length > 0, startCursor: edges[0].cursor, endCursor: edges.at(-1).cursor }); // prettier-ignore
      ids.push(...nodes.map(({ id }: any) => id));
      starts.push(...nodes.map(({ startedAt }: any) => startedAt));
      ({ hasNextPage: more, endCursor: after } = pageInfo);
    }
    expect(ids).toEqual(
      house.sandbox.easypostConnect.jobs().map(({ id }) => mailJobId('easypost-connect', id)),
    );
    expect(new Set(ids).size).toBe(250);
    expect(starts).toEqual([...starts].sort());
    expect(list() - before).toBe(5);
  });

  it('come twenty at a time where nothing is said, by the one account that sends mail', async () => {
    const { data } = await house.ask(page);
    expect(data.mailJobs.nodes).toHaveLength(20);
    expect(data.mailJobs.nodes[0]).toMatchObject({
      status: 'COMPLETED',
      account: { id: 'easypost-connect' },
      workflowId: 'wf-letters',
      uploadUrl: null,
      events: [],
    });
    expect(data.mailJobs.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it('are found by our id, and null by a foreign or malformed one, without a call', async () => {
    const id = mailJobId('easypost-connect', 'job-000007');
    const { data } = await house.ask(one, { id });
    expect(data.mailJob).toMatchObject({
      id,
      account: { provider: 'easypost-connect', operations: ['SEND_MAIL'] },
    });
    const calls = () => house.sandbox.easypostConnect.calls.length;
    const before = calls();
    for (const foreign of [
      '',
      'mail_',
      'what',
      'job-000007',
      mailJobId('usps', 'x'),
      mailJobId('nobody', 'x'),
      `${id.slice(0, 9)}!`,
    ]) {
      const answer = await house.ask(one, { id: foreign });
      expect(answer, foreign).toMatchObject({ data: { mailJob: null } });
      expect(answer.errors).toBeUndefined();
    }
    expect(calls()).toBe(before);
    expect(await house.ask(one, { id: mailJobId('easypost-connect', 'nobody') })).toMatchObject({
      data: { mailJob: null },
    });
  });

  it('are asked for once in one operation, under however many names', async () => {
    const asked = () => house.sandbox.easypostConnect.count('GET', /^\/jobs\/job-/);
    const before = asked();
    const [id, other] = ['job-000008', 'job-000009'].map((job) => mailJobId('easypost-connect', job));
    const answer = await house.ask(
      `query ($id: ID!, $other: ID!) {
        a: mailJob(id: $id) { id } b: mailJob(id: $other) { id } c: mailJob(id: $id) { id } d: mailJob(id: $id) { id }
      }`,
      { id, other },
    );
    expect(answer).toMatchObject({ data: { a: { id }, b: { id: other }, c: { id }, d: { id } } });
    expect(asked() - before).toBe(2);
  });

  it('tell their events where the provider tells any, newest first', async () => {
    const body = {
      id: 'a',
      status: 'SENDING',
      sendingEvents: [
        { status: 'SENT', date: '2026-11-17T10:00:00Z' },
        { status: 'OPENED', date: '2026-11-18T10:00:00Z' },
      ],
    };
    house.sandbox.easypostConnect.spoil({ path: /\/jobs\/a$/, times: 1, answer: { status: 200, body } });
    const { data } = await house.ask(one, { id: mailJobId('easypost-connect', 'a') });
    expect(data.mailJob.events).toMatchObject([
      { id: expect.stringMatching(/^evt_/), status: 'UNKNOWN', description: 'OPENED' },
      { description: 'SENT', occurredAt: '2026-11-17T10:00:00.000Z' },
    ]);
  });

  it('want a page of 1 to 100, a cursor of theirs, and an account of the caller’s', async () => {
    const { data } = await house.ask(page, { first: 1 });
    const cursor = data.mailJobs.edges[0].cursor;
    for (const [variables, key, extensions] of [
      [{ first: 0 }, 'sandbox', { code: 'BAD_USER_INPUT', field: ['first'] }],
      [{ first: 101 }, 'sandbox', { code: 'BAD_USER_INPUT', field: ['first'] }],
      [{ after: 'what' }, 'sandbox', { code: 'BAD_USER_INPUT', field: ['after'] }],
      [{ account: 'second', after: cursor }, 'key-of-two', { code: 'BAD_USER_INPUT', field: ['after'] }],
      [{ account: 'nobody' }, 'sandbox', { code: 'BAD_USER_INPUT', field: ['accountId'] }],
      [{}, 'key-of-two', { code: 'BAD_USER_INPUT', field: ['accountId'] }],
      [{}, 'key-of-none', { code: 'CREDENTIALS_MISSING' }],
      [{ account: 'usps' }, 'sandbox', { code: 'NOT_SUPPORTED', account: { id: 'usps' } }],
    ] as const) {
      const answer = await house.ask(page, variables, key);
      expect(answer, JSON.stringify(variables)).toMatchObject({
        data: { mailJobs: null },
        errors: [{ extensions }],
      });
    }
    expect((await house.ask(page, { account: 'second' }, 'key-of-two')).data.mailJobs.nodes).toHaveLength(20);
  });

  it('of a provider that refuses are null, with its failure', async () => {
    const stop = house.sandbox.easypostConnect.spoil({ path: /^\/jobs/, answer: { status: 403, body: { message: 'Forbidden' } } }); // prettier-ignore
    for (const answer of [
      await house.ask(page),
      await house.ask(one, { id: mailJobId('easypost-connect', 'a') }),
    ]) {
      expect(answer.errors).toMatchObject([
        {
          extensions: {
            code: 'CREDENTIALS_REJECTED',
            account: { id: 'easypost-connect' },
            requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            hint: expect.stringContaining('apiKey'),
            retryable: false,
          },
        },
      ]);
    }
    stop();
  });

  it('are all that their account can do: it says so to whoever asks for more', async () => {
    const before = house.sandbox.easypostConnect.calls.length;
    const { data } = await house.ask(
      `query ($rates: RatesInput!, $numbers: [TrackingNumberInput!]!) {
        rates(input: $rates) { rates { id } failures { code message } }
        trackers(numbers: $numbers) { failure { code message } }
      }`,
      {
        rates: { from: sender, to: receiver, parcels: [box], accountIds: ['easypost-connect'] },
        numbers: [{ trackingNumber: '9434611206217011894085', accountId: 'easypost-connect' }],
      },
    );
    expect(data.rates).toMatchObject({
      rates: [],
      failures: [{ code: 'NOT_SUPPORTED', message: expect.stringContaining('it can send mail') }],
    });
    expect(data.trackers).toMatchObject([{ failure: { code: 'NOT_SUPPORTED' } }]);
    const places = await house.ask(
      '{ dropOffLocations(postalCode: "94107", accountId: "easypost-connect") { name } }',
    );
    expect(places.errors).toMatchObject([
      { message: expect.stringContaining('it can send mail'), extensions: { code: 'NOT_SUPPORTED' } },
    ]);
    expect(house.sandbox.easypostConnect.calls.length).toBe(before);
  });

  const create = `mutation ($input: MailJobCreateInput!) {
    mailJobCreate(input: $input) { mailJob { id status uploadUrl workflowId } userErrors { code field } failure { code message } }
  }`;
  const job = (more: object) => ({ workflowId: 'wf-letters', fileName: 'invoice.pdf', metadata: [{ key: 'customer', value: '7' }], ...more }); // prettier-ignore
  const make = async (input: object) => (await house.ask(create, { input: job(input) })).data.mailJobCreate;
  const made = () => house.sandbox.easypostConnect.count('POST', /^\/jobs\/single-file$/);

  it('are not made by an account that sends none, which the failure names', async () => {
    const query = `mutation ($input: MailJobCreateInput!) { mailJobCreate(input: $input) { mailJob { id } failure { code requestId account { id } } } }`;
    const { data } = await house.ask(query, { input: job({ idempotencyKey: 'usps', accountId: 'usps' }) });
    expect(data.mailJobCreate).toEqual({
      mailJob: null,
      failure: { code: 'NOT_SUPPORTED', requestId: expect.any(String), account: { id: 'usps' } },
    });
  });

  it('are made once a key, however many send it', async () => {
    const before = made();
    const input = { idempotencyKey: 'once' };
    const answers = [...(await Promise.all([make(input), make(input)])), await make(input)];
    for (const answer of answers) {
      expect(answer).toMatchObject({
        userErrors: [],
        failure: null,
        mailJob: { status: 'AWAITING_FOR_FILE' },
      });
    }
    expect(new Set(answers.map((answer) => answer.mailJob.id)).size).toBe(1);
    expect(made()).toBe(before + 1);
    const { data } = await house.ask(one, { id: answers[0].mailJob.id });
    expect(data.mailJob.id).toBe(answers[0].mailJob.id);
  });

  it('whose answer was lost are not made again: no field is known to find one by', async () => {
    const before = made();
    house.sandbox.easypostConnect.spoil({ method: 'POST', path: /single-file$/, times: 1, drop: 'after' });
    const lost = await make({ idempotencyKey: 'lost' });
    expect(lost).toMatchObject({ mailJob: null, failure: { code: 'UNAVAILABLE' } });
    expect((await make({ idempotencyKey: 'lost' })).mailJob).toBeNull();
    expect(made()).toBe(before + 1);
  });

  it('do not lose an upload URL that their account does not allow yet', async () => {
    const body = { id: 'elsewhere', fileUploadUrl: 'https://files.example/put' };
    house.sandbox.easypostConnect.spoil({ method: 'POST', path: /single-file$/, times: 1, answer: { status: 201, body } }); // prettier-ignore
    const input = { idempotencyKey: 'elsewhere' };
    expect(await make(input)).toMatchObject({
      failure: null,
      mailJob: { status: 'AWAITING_FOR_FILE', uploadUrl: null },
    });
    expect(house.log.filter((line) => /files\.example.*uploadHosts/.test(line))).toHaveLength(1);
    uploadHosts = ['files.example'];
    await house.restart();
    expect((await make(input)).mailJob.uploadUrl).toBe(body.fileUploadUrl);
    expect(made()).toBe(0);
  });

  it('are refused with paths, before any call, for what can’t be', async () => {
    const before = made();
    for (const [change, code, field] of [
      [{ idempotencyKey: '' }, 'REQUIRED', 'idempotencyKey'],
      [{ workflowId: ' ' }, 'REQUIRED', 'workflowId'],
      [{ fileName: '' }, 'REQUIRED', 'fileName'],
      [
        {
          metadata: [
            { key: 'a', value: '1' },
            { key: 'a', value: '2' },
          ],
        },
        'INVALID',
        'metadata.1.key',
      ],
      [{ accountId: 'nobody' }, 'NOT_FOUND', 'accountId'],
    ] as const) {
      const { userErrors } = await make({ idempotencyKey: 'bad', ...change });
      expect(userErrors).toEqual([{ code, field: ['input', ...field.split('.')] }]);
    }
    expect(made()).toBe(before);
  });
});
