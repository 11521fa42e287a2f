import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EasyPostSandbox } from '../../../sandbox/easypost/index.ts';
import type { LabelledParcel } from '../../../src/domain/label.ts';
import { call, kept, labelled, openEasyPostAdapter, type OpenAdapter } from '../../support/adapters.ts';
import { sender } from '../../support/test-server.ts';

const firstBytes = (document: Uint8Array) => Buffer.from(document).subarray(0, 5).toString();

describe('EasyPost scan forms', () => {
  let subject: OpenAdapter<EasyPostSandbox>;
  beforeAll(async () => void (subject = await openEasyPostAdapter()));
  afterAll(() => subject.close());
  const prepare = (parcels: LabelledParcel[]) => subject.adapter.manifests.prepare({ parcels }, call);
  const form = (more: object) => ({
    status: 200,
    body: { id: 'sf_1', status: 'creating', message: null, form_url: null, tracking_codes: [], ...more },
  });

  it('are created in one call, and printed from EasyPost’s file', async () => {
    const { manifests } = subject.adapter;
    const parcels = [await labelled(subject.adapter), await labelled(subject.adapter)];
    const before = subject.emulator.calls.length;
    const manifest = await manifests.perform(kept(await prepare(parcels)), call);
    expect(subject.emulator.calls.length).toBe(before + 1);
    expect(manifest.reference).toMatch(/^sf_/);
    const { source } = manifest.form as { source: string };
    expect(firstBytes(await manifests.fetchDocument!(source, call))).toBe('%PDF-');
    expect(await manifests.refresh!(kept(manifest), call)).toEqual(manifest);
  });

  it('are fetched from EasyPost’s hosts only', async () => {
    const before = subject.emulator.calls.length;
    for (const source of ['http://169.254.169.254/latest', 'https://easypost.com.evil.example/x.pdf']) {
      await expect(subject.adapter.manifests.fetchDocument!(source, call)).rejects.toMatchObject({
        code: 'UNREADABLE',
      });
    }
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('are refreshed while they are created, up to the form or the failure', async () => {
    const { manifests } = subject.adapter;
    const prepared = await prepare([await labelled(subject.adapter)]);
    subject.emulator.injectFault({ method: 'POST', path: /\/scan_forms$/, times: 1, response: form({}) });
    const creating = await manifests.perform(prepared, call);
    expect(creating).toEqual({ reference: 'sf_1', providerRef: { scanForm: 'sf_1' } });
    const respond = (more: object) =>
      subject.emulator.injectFault({
        method: 'GET',
        path: /\/scan_forms\/sf_1$/,
        times: 1,
        response: form(more),
      });
    respond({});
    expect(await manifests.refresh!(kept(creating), call)).toEqual(creating);
    respond({ status: 'created', form_url: 'https://files.easypost.com/1.pdf' });
    expect(await manifests.refresh!(kept(creating), call)).toMatchObject({
      form: { format: 'PDF', source: 'https://files.easypost.com/1.pdf' },
    });
    respond({ status: 'failed', message: 'slow down' });
    const failed = await manifests.refresh!(kept(creating), call);
    expect(failed.form).toBeUndefined();
    expect(failed).toMatchObject({
      failure: { code: 'REJECTED', providerMessage: 'slow down', refused: true },
    });
  });

  it('are proven not to exist by a failure at creation', async () => {
    const prepared = await prepare([await labelled(subject.adapter)]);
    const response = form({ status: 'failed', message: 'slow down' });
    subject.emulator.injectFault({ method: 'POST', path: /\/scan_forms$/, times: 1, response });
    await expect(subject.adapter.manifests.perform(prepared, call)).rejects.toMatchObject({
      refused: true,
      providerMessage: 'slow down',
    });
    expect(await subject.adapter.manifests.reconcile!(prepared, call)).toBeUndefined();
    expect(await subject.adapter.manifests.perform(prepared, call)).toMatchObject({
      reference: expect.any(String),
    });
  });

  it('are found by their parcels among all forms created since, page by page', async () => {
    const { manifests } = subject.adapter;
    const prepared = kept(await prepare([await labelled(subject.adapter)]));
    const manifest = await manifests.perform(prepared, call);
    const page = (ids: string[], has_more: boolean) => ({
      status: 200,
      body: {
        scan_forms: ids.map((id) => form({ id, status: 'created', tracking_codes: [id] }).body),
        has_more,
      },
    });
    subject.emulator.injectFault({
      path: /\/scan_forms$/,
      times: 1,
      response: page(['sf_1', manifest.reference!], true),
    });
    const before = subject.emulator.calls.length;
    expect(await manifests.reconcile!(prepared, call)).toBeUndefined();
    expect(subject.emulator.calls.length).toBe(before + 2);
    expect(await manifests.reconcile!(prepared, call)).toEqual(manifest);
  });

  it('may be one that is being created, which lists no parcels yet', async () => {
    const prepared = await prepare([await labelled(subject.adapter)]);
    const body = { scan_forms: [form({}).body], has_more: false };
    subject.emulator.injectFault({ path: /\/scan_forms$/, times: 1, response: { status: 200, body } });
    await expect(subject.adapter.manifests.reconcile!(prepared, call)).rejects.toMatchObject({
      refused: false,
    });
  });

  it('hold parcels of one origin', async () => {
    const parcel = await labelled(subject.adapter);
    const before = subject.emulator.calls.length;
    const fromAnotherFloor = { ...parcel, from: { ...sender, street2: 'Floor 2' } };
    await expect(prepare([parcel, fromAnotherFloor])).rejects.toMatchObject({ field: ['shipmentIds'] });
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('are refused for labels whose date has passed', async () => {
    const prepared = await prepare([await labelled(subject.adapter)]);
    subject.clock.advance(2 * 24 * 60 * 60_000);
    await expect(subject.adapter.manifests.perform(prepared, call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: 'SCAN_FORM.CREATE.FAILURE',
      refused: true,
    });
  });
});
