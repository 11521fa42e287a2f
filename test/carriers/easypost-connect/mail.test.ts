import { describe, expect, it } from 'vitest';

import { easypostConnectSandboxWorkflows } from '../../../sandbox/easypost-connect/index.ts';
import { mailStatuses } from '../../../src/carriers/easypost-connect/mail/statuses.ts';
import { readConfig } from '../../../src/config/config.ts';
import type { MailJob } from '../../../src/domain/mail.ts';
import { call, failureOf, opened } from './support.ts';

describe('mail jobs', () => {
  it('are listed in order, a hundred a call, after the id of the last one', async () => {
    for (const envelope of ['array', 'items'] as const) {
      const { mail, emulator } = await opened();
      emulator.envelope = envelope;
      const seen: MailJob[] = [];
      for (let more = true; more;) {
        const page = await mail.jobs({ first: 100, after: seen.at(-1)?.id }, call);
        seen.push(...page.jobs);
        more = page.hasNextPage;
      }
      expect(seen.map(({ id }) => id)).toEqual(emulator.jobs().map(({ id }) => id));
      expect(seen).toHaveLength(250);
      // After a full page, one more call finds out whether there are more jobs.
      expect(emulator.count('GET', /^\/jobs$/)).toBe(5);
    }
  });

  it('end with a full page that is the last one', async () => {
    const { mail } = await opened({ jobs: 100 });
    expect((await mail.jobs({ first: 100 }, call)).hasNextPage).toBe(false);
    expect((await mail.jobs({ first: 99 }, call)).hasNextPage).toBe(true);
  });

  it('are read leniently, with their statuses unchanged', async () => {
    const { mail, emulator } = await opened();
    const body = [
      {
        id: 7,
        startDate: '2026-11-18T10:00:00+01:00',
        status: 'NEVER_HEARD_OF',
        workflowId: 'w',
        more: { x: [] },
      },
      { id: 'b', startDate: '2026-11-18 10:00', workflow: 'w' },
      { id: 'c', status: null, sendingEvents: [{ status: 'SENT', date: '2026-11-17T10:00:00Z' }, 'what', { status: 'OPENED', timestamp: '2026-11-18T10:00:00Z' }] }, // prettier-ignore
    ];
    emulator.injectFault({ path: /^\/jobs$/, response: { status: 200, body } });
    const { jobs } = await mail.jobs({ first: 20 }, call);
    expect(jobs).toMatchObject([
      {
        id: '7',
        status: 'NEVER_HEARD_OF',
        startedAt: '2026-11-18T09:00:00.000Z',
        workflowId: 'w',
        events: [],
      },
      { id: 'b', status: 'UNKNOWN', startedAt: undefined, workflowId: 'w' },
      {
        id: 'c',
        status: 'UNKNOWN',
        events: [{ status: 'UNKNOWN', description: 'OPENED' }, { description: 'SENT' }],
      },
    ]);
  });

  it('are UNREADABLE without an id, and NOT_FOUND where there is none', async () => {
    const { mail, emulator } = await opened();
    expect(await failureOf(mail.job('nobody', call))).toMatchObject({ code: 'NOT_FOUND', refused: true });
    emulator.injectFault({ path: /^\/jobs/, response: { status: 200, body: { nothing: 'known' } } });
    expect(await failureOf(mail.job('job-000001', call))).toMatchObject({
      code: 'UNREADABLE',
      refused: false,
    });
    expect(await failureOf(mail.jobs({ first: 1 }, call))).toMatchObject({ code: 'UNREADABLE' });
  });

  it('wait for their file when they are created, and continue once it is uploaded', async () => {
    const { mail, emulator, clock } = await opened();
    const workflowId = easypostConnectSandboxWorkflows.validated;
    const prepared = await mail.prepare({ workflowId, fileName: 'letter.pdf', metadata: { ref: '1' } }, call);
    expect(emulator.jobs()).toHaveLength(250);
    const job = await mail.perform(JSON.parse(JSON.stringify(prepared)) as typeof prepared, call);
    expect(emulator.jobs()).toHaveLength(251);
    expect(job).toMatchObject({ status: 'AWAITING_FOR_FILE', workflowId });
    expect(job.uploadUrl).toMatch(new RegExp(`^${emulator.oauth.url}/uploads/`));

    const answer = await fetch(job.uploadUrl!, { method: 'PUT', body: '%PDF-1.7 a letter' });
    expect(answer.status).toBe(200);
    expect(emulator.uploads()).toMatchObject([{ jobId: job.id, bytes: 17 }]);
    const statuses = [];
    for (const wait of [0, 4_999, 1]) {
      clock.advance(wait);
      statuses.push((await mail.job(job.id, call)).status);
    }
    expect(statuses).toEqual(['PROCESSING', 'PROCESSING', 'COMPLETED']);
    expect(statuses.map(mailStatuses.isFinal)).toEqual([false, false, true]);
    expect(mailStatuses.isFinal('AWAITING_FOR_FILE')).toBe(false);
  });

  it('are rejected for a workflow that is not validated, and created only once where the response is lost', async () => {
    const { mail, emulator } = await opened();
    const order = (workflowId: string) => mail.prepare({ workflowId, fileName: 'a.pdf', metadata: {} }, call);
    const refused = await failureOf(mail.perform(await order(easypostConnectSandboxWorkflows.draft), call));
    expect(refused).toMatchObject({
      code: 'REJECTED',
      refused: true,
      providerMessage: 'the workflow is not validated',
    });
    for (const fault of [
      { drop: 'after' },
      { response: { status: 502, body: '<html>' } },
      { response: { status: 201, body: 'what' } },
    ] as const) {
      emulator.injectFault({ method: 'POST', times: 1, ...fault });
      const prepared = await order(easypostConnectSandboxWorkflows.validated);
      expect(await failureOf(mail.perform(prepared, call))).toMatchObject({ refused: false });
    }
    expect(emulator.jobs()).toHaveLength(251);
    expect(mail.reconcile).toBeUndefined();
  });

  it('are rejected with the list of invalid fields, with or without the name of the error', async () => {
    const { mail, emulator } = await opened();
    const message = ['metadata.reference must be a string', 'metadata.date should not be empty'];
    for (const named of [{ error: 'Bad Request' }, {}]) {
      emulator.injectFault({
        method: 'POST',
        times: 1,
        response: { status: 400, body: { statusCode: 400, message, ...named } },
      });
      const prepared = await mail.prepare({ workflowId: 'w', fileName: 'a.pdf', metadata: {} }, call);
      expect(await failureOf(mail.perform(prepared, call))).toMatchObject({
        code: 'REJECTED',
        refused: true,
        providerMessage: message.join('; '),
      });
    }
  });

  it('allow uploads to the provider’s hosts and those of the account only', async () => {
    const { mail } = await opened({ uploadHosts: ['s3.example.com'] });
    for (const [url, allowed] of [
      ['https://files.easypost.eu/put?x=1', true],
      ['https://easypost.eu/put', true],
      ['https://bucket.s3.example.com/put', true],
      ['https://evil.example/put', false],
      ['https://easypost.eu.evil.example/put', false],
      ['https://evileasypost.eu/put', false],
      ['https://user:word@files.easypost.eu/put', false],
      ['http://files.easypost.eu/put', false],
      ['https://10.0.0.1/put', false],
      ['file:///etc/passwd', false],
    ] as const)
      expect(mail.mayUpload(url), url).toBe(allowed);
  });

  it('allow uploads to the hosts of a variable, separated by commas', () => {
    const given = { PARCELGRAPH_API_KEY: 'a-key-of-ours', PARCELGRAPH_SECRET: 's'.repeat(32), EASYPOST_CONNECT_ENVIRONMENT: 'pro', EASYPOST_CONNECT_CLIENT_ID: 'id', EASYPOST_CONNECT_CLIENT_SECRET: 'hush', EASYPOST_CONNECT_API_KEY: 'hush' }; // prettier-ignore
    const read = (hosts: string) => readConfig({ ...given, EASYPOST_CONNECT_UPLOAD_HOSTS: hosts });
    const [account] = read('s3.example.com, files.example.org').tenants[0]!.accounts;
    expect(account!.options).toMatchObject({ uploadHosts: ['s3.example.com', 'files.example.org'] });
    for (const wrong of ['https://s3.example.com', 's3.example.com,', 'localhost'])
      expect(() => read(wrong), wrong).toThrow(/EASYPOST_CONNECT_UPLOAD_HOSTS: must be host names/);
  });

  it('log the host of an upload URL that is not allowed once, with the setting to change', async () => {
    const { mail, emulator, warnings } = await opened();
    const made = async (fileUploadUrl: string) => {
      emulator.injectFault({
        method: 'POST',
        times: 1,
        response: { status: 201, body: { id: 'a', fileUploadUrl } },
      });
      const prepared = await mail.prepare({ workflowId: 'w', fileName: 'a.pdf', metadata: {} }, call);
      return (await mail.perform(prepared, call)).uploadUrl;
    };
    const elsewhere = 'https://files.example/put?signature=hush';
    expect([await made(elsewhere), await made('what')]).toEqual([elsewhere, undefined]);
    for (let times = 0; times < 2; times += 1) mail.mayUpload(elsewhere);
    expect(warnings).toEqual([expect.stringMatching(/files\.example\b.*uploadHosts/)]);
    expect(warnings[0]).not.toContain('hush');
  });
});
