import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toApiKeyConfig } from '../../../src/config/api-key.ts';
import { mailJobId } from '../../../src/domain/mail.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

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
  let server: TestServer;
  /** The configured upload hosts at the next start. */
  let uploadHosts: string[] = [];
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }) => {
        const mail = tenant.accounts
          .filter(({ id }) => id === 'easypost-connect')
          .map((each) => ({ ...each, options: { ...(each.options as object), uploadHosts } }));
        const own = (id: string, accounts: typeof tenant.accounts) => ({
          id,
          name: id,
          apiKeys: [toApiKeyConfig(`key-of-${id}`)],
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
  afterAll(() => server.close());
  const list = () => server.sandbox.easypostConnect.count('GET', /^\/jobs$/);

  it('are listed in order, 250 of them in pages of 100', async () => {
    const before = list();
    const ids: string[] = [];
    const starts: string[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { data, errors }: any = await server.ask(page, { first: 100, after });
      expect(errors).toBeUndefined();
      const { nodes, edges, pageInfo } = data.mailJobs;
      expect(edges.map(({ node }: any) => node.id)).toEqual(nodes.map(({ id }: any) => id));
      expect(pageInfo).toMatchObject({ hasPreviousPage: ids.length > 0, startCursor: edges[0].cursor, endCursor: edges.at(-1).cursor }); // prettier-ignore
      ids.push(...nodes.map(({ id }: any) => id));
      starts.push(...nodes.map(({ startedAt }: any) => startedAt));
      ({ hasNextPage: more, endCursor: after } = pageInfo);
    }
    expect(ids).toEqual(
      server.sandbox.easypostConnect.jobs().map(({ id }) => mailJobId('easypost-connect', id)),
    );
    expect(new Set(ids).size).toBe(250);
    expect(starts).toEqual([...starts].sort());
    expect(list() - before).toBe(5);
  });

  it('are listed 20 at a time by default, from the only account that sends mail', async () => {
    const { data } = await server.ask(page);
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

  it('are read by their id, and null by a foreign or malformed one without a call', async () => {
    const id = mailJobId('easypost-connect', 'job-000007');
    const { data } = await server.ask(one, { id });
    expect(data.mailJob).toMatchObject({
      id,
      account: { provider: 'easypost-connect', operations: ['SEND_MAIL'] },
    });
    const calls = () => server.sandbox.easypostConnect.calls.length;
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
      const answer = await server.ask(one, { id: foreign });
      expect(answer, foreign).toMatchObject({ data: { mailJob: null } });
      expect(answer.errors).toBeUndefined();
    }
    expect(calls()).toBe(before);
    expect(await server.ask(one, { id: mailJobId('easypost-connect', 'nobody') })).toMatchObject({
      data: { mailJob: null },
    });
  });

  it('are read once per operation, however many aliases there are', async () => {
    const asked = () => server.sandbox.easypostConnect.count('GET', /^\/jobs\/job-/);
    const before = asked();
    const [id, other] = ['job-000008', 'job-000009'].map((job) => mailJobId('easypost-connect', job));
    const answer = await server.ask(
      `query ($id: ID!, $other: ID!) {
        a: mailJob(id: $id) { id } b: mailJob(id: $other) { id } c: mailJob(id: $id) { id } d: mailJob(id: $id) { id }
      }`,
      { id, other },
    );
    expect(answer).toMatchObject({ data: { a: { id }, b: { id: other }, c: { id }, d: { id } } });
    expect(asked() - before).toBe(2);
  });

  it('have the events that the provider returns, newest first', async () => {
    const body = {
      id: 'a',
      status: 'SENDING',
      sendingEvents: [
        { status: 'SENT', date: '2026-11-17T10:00:00Z' },
        { status: 'OPENED', date: '2026-11-18T10:00:00Z' },
      ],
    };
    server.sandbox.easypostConnect.injectFault({
      path: /\/jobs\/a$/,
      times: 1,
      response: { status: 200, body },
    });
    const { data } = await server.ask(one, { id: mailJobId('easypost-connect', 'a') });
    expect(data.mailJob.events).toMatchObject([
      { id: expect.stringMatching(/^evt_/), status: 'UNKNOWN', description: 'OPENED' },
      { description: 'SENT', occurredAt: '2026-11-17T10:00:00.000Z' },
    ]);
  });

  it('require a page size of 1 to 100, a cursor of the same list, and an account of the caller', async () => {
    const { data } = await server.ask(page, { first: 1 });
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
      const answer = await server.ask(page, variables, key);
      expect(answer, JSON.stringify(variables)).toMatchObject({
        data: { mailJobs: null },
        errors: [{ extensions }],
      });
    }
    expect((await server.ask(page, { account: 'second' }, 'key-of-two')).data.mailJobs.nodes).toHaveLength(
      20,
    );
  });

  it('are null with the failure if the provider rejects the call', async () => {
    const stop = server.sandbox.easypostConnect.injectFault({ path: /^\/jobs/, response: { status: 403, body: { message: 'Forbidden' } } }); // prettier-ignore
    for (const answer of [
      await server.ask(page),
      await server.ask(one, { id: mailJobId('easypost-connect', 'a') }),
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

  it('are the only operation of their account, which names it in the failure of any other', async () => {
    const before = server.sandbox.easypostConnect.calls.length;
    const { data } = await server.ask(
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
    const places = await server.ask(
      '{ dropOffLocations(postalCode: "94107", accountId: "easypost-connect") { name } }',
    );
    expect(places.errors).toMatchObject([
      { message: expect.stringContaining('it can send mail'), extensions: { code: 'NOT_SUPPORTED' } },
    ]);
    expect(server.sandbox.easypostConnect.calls.length).toBe(before);
  });

  const create = `mutation ($input: MailJobCreateInput!) {
    mailJobCreate(input: $input) { mailJob { id status uploadUrl workflowId } userErrors { code field } failure { code message } }
  }`;
  const job = (more: object) => ({ workflowId: 'wf-letters', fileName: 'invoice.pdf', metadata: [{ key: 'customer', value: '7' }], ...more }); // prettier-ignore
  const createJob = async (input: object) =>
    (await server.ask(create, { input: job(input) })).data.mailJobCreate;
  const created = () => server.sandbox.easypostConnect.count('POST', /^\/jobs\/single-file$/);

  it('are not created by an account without mail, which the failure names', async () => {
    const query = `mutation ($input: MailJobCreateInput!) { mailJobCreate(input: $input) { mailJob { id } failure { code requestId account { id } } } }`;
    const { data } = await server.ask(query, { input: job({ idempotencyKey: 'usps', accountId: 'usps' }) });
    expect(data.mailJobCreate).toEqual({
      mailJob: null,
      failure: { code: 'NOT_SUPPORTED', requestId: expect.any(String), account: { id: 'usps' } },
    });
  });

  it('are created once per key, also by concurrent calls', async () => {
    const before = created();
    const input = { idempotencyKey: 'once' };
    const answers = [...(await Promise.all([createJob(input), createJob(input)])), await createJob(input)];
    for (const answer of answers) {
      expect(answer).toMatchObject({
        userErrors: [],
        failure: null,
        mailJob: { status: 'AWAITING_FOR_FILE' },
      });
    }
    expect(new Set(answers.map((answer) => answer.mailJob.id)).size).toBe(1);
    expect(created()).toBe(before + 1);
    const { data } = await server.ask(one, { id: answers[0].mailJob.id });
    expect(data.mailJob.id).toBe(answers[0].mailJob.id);
  });

  it('whose response was lost are not created again: the provider offers no way to look them up', async () => {
    const before = created();
    server.sandbox.easypostConnect.injectFault({
      method: 'POST',
      path: /single-file$/,
      times: 1,
      drop: 'after',
    });
    const lost = await createJob({ idempotencyKey: 'lost' });
    expect(lost).toMatchObject({ mailJob: null, failure: { code: 'UNAVAILABLE' } });
    expect((await createJob({ idempotencyKey: 'lost' })).mailJob).toBeNull();
    expect(created()).toBe(before + 1);
  });

  it('keep an upload URL whose host is allowed later', async () => {
    const body = { id: 'elsewhere', fileUploadUrl: 'https://files.example/put' };
    server.sandbox.easypostConnect.injectFault({ method: 'POST', path: /single-file$/, times: 1, response: { status: 201, body } }); // prettier-ignore
    const input = { idempotencyKey: 'elsewhere' };
    expect(await createJob(input)).toMatchObject({
      failure: null,
      mailJob: { status: 'AWAITING_FOR_FILE', uploadUrl: null },
    });
    expect(server.log.filter((line) => /files\.example.*uploadHosts/.test(line))).toHaveLength(1);
    uploadHosts = ['files.example'];
    await server.restart();
    expect((await createJob(input)).mailJob.uploadUrl).toBe(body.fileUploadUrl);
    expect(created()).toBe(0);
  });

  it('are rejected with the paths of invalid fields, before any call', async () => {
    const before = created();
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
      const { userErrors } = await createJob({ idempotencyKey: 'bad', ...change });
      expect(userErrors).toEqual([{ code, field: ['input', ...field.split('.')] }]);
    }
    expect(created()).toBe(before);
  });
});
