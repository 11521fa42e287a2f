import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EasyPostSandbox } from '../../sandbox/easypost/index.ts';
import type { UspsSandbox } from '../../sandbox/usps/index.ts';
import type { LabelledParcel } from '../../src/carriers/adapter.ts';
import { call, kept, labelled, openEasyPostAdapter, openUspsAdapter, today, type OpenAdapter } from '../support/adapters.ts'; // prettier-ignore
import { receiver, sender } from '../support/test-server.ts';

const bytes = (document: Uint8Array) => Buffer.from(document).subarray(0, 5).toString();

describe('USPS SCAN forms', () => {
  let desk: OpenAdapter<UspsSandbox>;
  beforeAll(async () => void (desk = await openUspsAdapter()));
  afterAll(() => desk.close());
  const prepare = (parcels: LabelledParcel[]) => desk.adapter.manifests.prepare({ parcels }, call);
  const forms = () => desk.emulator.count('POST', /\/scan-form$/);

  it('list parcels of one place and day, and want no payment token', async () => {
    const parcels = [await labelled(desk.adapter), await labelled(desk.adapter)];
    const payments = desk.emulator.count('POST', /\/payments\//);
    const prepared = await prepare(parcels);
    expect(forms()).toBe(0);
    expect(JSON.parse((prepared.request as { body: string }).body)).toEqual({
      imageInfo: { imageType: 'PDF', labelType: '8.5X11LABEL' },
      mailingDate: today,
      entryFacilityZIPCode: '20260',
      destinationEntryFacilityType: 'NONE',
      shipment: { trackingNumbers: parcels.map(({ trackingNumber }) => trackingNumber) },
      fromAddress: {
        firstName: 'Sally',
        lastName: 'Sender',
        streetAddress: "475 L'Enfant Plaza SW",
        city: 'Washington',
        state: 'DC',
        ZIPCode: '20260',
      },
    });
    const made = await desk.adapter.manifests.perform(kept(prepared), call);
    expect(made.reference).toMatch(/^\d{22}$/);
    expect(made.form).toMatchObject({ format: 'PDF' });
    expect(bytes((made.form as { data: Uint8Array }).data)).toBe('%PDF-');
    expect(forms()).toBe(1);
    expect(desk.emulator.count('POST', /\/payments\//)).toBe(payments);
  });

  it('are read from one flat document as well', async () => {
    const body = { manifestNumber: '9475', SCANFormImage: Buffer.from('%PDF-1.4').toString('base64') };
    const prepared = await prepare([await labelled(desk.adapter)]);
    const answer = async (flat: object) => {
      desk.emulator.spoil({ path: /\/scan-form$/, times: 1, answer: { status: 200, body: flat } });
      return desk.adapter.manifests.perform(prepared, call);
    };
    expect(await answer(body)).toMatchObject({ reference: '9475', providerRef: { manifestNumber: '9475' } });
    const { SCANFormImage, ...SCANFormMetaData } = body;
    expect(await answer({ SCANFormMetaData, SCANFormImage })).toMatchObject({ reference: '9475' });
    // A form may have been made: we do not know.
    for (const torn of [{ ...body, SCANFormImage: undefined }, { ...body, manifestNumber: undefined }, {}]) {
      await expect(answer(torn)).rejects.toMatchObject({ code: 'UNREADABLE', refused: false });
    }
  });

  it('are judged before a call: several places, several days, a day that is past, returns', async () => {
    const parcel = await labelled(desk.adapter);
    const before = desk.emulator.calls.length;
    for (const parcels of [
      [parcel, { ...parcel, from: receiver }],
      [parcel, { ...parcel, shipDate: '2026-11-19' }],
      [{ ...parcel, shipDate: '2026-11-17' }],
      [parcel, { ...parcel, isReturn: true }],
    ]) {
      await expect(prepare(parcels)).rejects.toMatchObject({
        code: 'REJECTED',
        field: ['shipmentIds'],
        hint: expect.any(String),
      });
    }
    expect(desk.emulator.calls.length).toBe(before);
  });

  it('refuse a label that was cancelled, and say which', async () => {
    const parcel = await labelled(desk.adapter);
    await desk.adapter.labels.void!(parcel.label, call);
    await expect(desk.adapter.manifests.perform(await prepare([parcel]), call)).rejects.toMatchObject({
      refused: true,
      providerCode: '160397',
      message: expect.stringContaining(parcel.trackingNumber),
      field: ['shipmentIds'],
    });
  });

  it('can’t be recalled, nor followed: USPS reads no form back', () => {
    expect(desk.adapter.manifests.reconcile).toBeUndefined();
    expect(desk.adapter.manifests.refresh).toBeUndefined();
  });
});

describe('EasyPost scan forms', () => {
  let desk: OpenAdapter<EasyPostSandbox>;
  beforeAll(async () => void (desk = await openEasyPostAdapter()));
  afterAll(() => desk.close());
  const prepare = (parcels: LabelledParcel[]) => desk.adapter.manifests.prepare({ parcels }, call);
  const form = (more: object) => ({
    status: 200,
    body: { id: 'sf_1', status: 'creating', message: null, form_url: null, tracking_codes: [], ...more },
  });

  it('are made in one call, and printed from EasyPost’s file', async () => {
    const { manifests } = desk.adapter;
    const parcels = [await labelled(desk.adapter), await labelled(desk.adapter)];
    const before = desk.emulator.calls.length;
    const made = await manifests.perform(kept(await prepare(parcels)), call);
    expect(desk.emulator.calls.length).toBe(before + 1);
    expect(made.reference).toMatch(/^sf_/);
    const { source } = made.form as { source: string };
    expect(bytes(await manifests.fetchDocument!(source, call))).toBe('%PDF-');
    expect(await manifests.refresh!(kept(made), call)).toEqual(made);
  });

  it('are fetched from nowhere but EasyPost', async () => {
    const before = desk.emulator.calls.length;
    for (const source of ['http://169.254.169.254/latest', 'https://easypost.com.evil.example/x.pdf']) {
      await expect(desk.adapter.manifests.fetchDocument!(source, call)).rejects.toMatchObject({
        code: 'UNREADABLE',
      });
    }
    expect(desk.emulator.calls.length).toBe(before);
  });

  it('are followed while they are made, to the form or to the reason why there is none', async () => {
    const { manifests } = desk.adapter;
    const prepared = await prepare([await labelled(desk.adapter)]);
    desk.emulator.spoil({ method: 'POST', path: /\/scan_forms$/, times: 1, answer: form({}) });
    const creating = await manifests.perform(prepared, call);
    expect(creating).toEqual({ reference: 'sf_1', providerRef: { scanForm: 'sf_1' } });
    const answer = (more: object) =>
      desk.emulator.spoil({ method: 'GET', path: /\/scan_forms\/sf_1$/, times: 1, answer: form(more) });
    answer({});
    expect(await manifests.refresh!(kept(creating), call)).toEqual(creating);
    answer({ status: 'created', form_url: 'https://files.easypost.com/1.pdf' });
    expect(await manifests.refresh!(kept(creating), call)).toMatchObject({
      form: { format: 'PDF', source: 'https://files.easypost.com/1.pdf' },
    });
    answer({ status: 'failed', message: 'slow down' });
    const given = await manifests.refresh!(kept(creating), call);
    expect(given.form).toBeUndefined();
    expect(given).toMatchObject({
      failure: { code: 'REJECTED', providerMessage: 'slow down', refused: true },
    });
  });

  it('that failed at once were never made', async () => {
    const prepared = await prepare([await labelled(desk.adapter)]);
    const answer = form({ status: 'failed', message: 'slow down' });
    desk.emulator.spoil({ method: 'POST', path: /\/scan_forms$/, times: 1, answer });
    await expect(desk.adapter.manifests.perform(prepared, call)).rejects.toMatchObject({
      refused: true,
      providerMessage: 'slow down',
    });
    expect(await desk.adapter.manifests.reconcile!(prepared, call)).toBeUndefined();
    expect(await desk.adapter.manifests.perform(prepared, call)).toMatchObject({
      reference: expect.any(String),
    });
  });

  it('are found by their parcels among all that were made since, page by page', async () => {
    const { manifests } = desk.adapter;
    const prepared = kept(await prepare([await labelled(desk.adapter)]));
    const made = await manifests.perform(prepared, call);
    const page = (ids: string[], has_more: boolean) => ({
      status: 200,
      body: {
        scan_forms: ids.map((id) => form({ id, status: 'created', tracking_codes: [id] }).body),
        has_more,
      },
    });
    desk.emulator.spoil({ path: /\/scan_forms$/, times: 1, answer: page(['sf_1', made.reference!], true) });
    const before = desk.emulator.calls.length;
    expect(await manifests.reconcile!(prepared, call)).toBeUndefined();
    expect(desk.emulator.calls.length).toBe(before + 2);
    expect(await manifests.reconcile!(prepared, call)).toEqual(made);
  });

  it('may be one that is being made, which names no parcels yet', async () => {
    const prepared = await prepare([await labelled(desk.adapter)]);
    const body = { scan_forms: [form({}).body], has_more: false };
    desk.emulator.spoil({ path: /\/scan_forms$/, times: 1, answer: { status: 200, body } });
    await expect(desk.adapter.manifests.reconcile!(prepared, call)).rejects.toMatchObject({ refused: false });
  });

  it('hold parcels of one place', async () => {
    const parcel = await labelled(desk.adapter);
    const before = desk.emulator.calls.length;
    const elsewhere = { ...parcel, from: { ...sender, street2: 'Floor 2' } };
    await expect(prepare([parcel, elsewhere])).rejects.toMatchObject({ field: ['shipmentIds'] });
    expect(desk.emulator.calls.length).toBe(before);
  });

  it('are refused for labels whose day is past', async () => {
    const prepared = await prepare([await labelled(desk.adapter)]);
    desk.clock.advance(2 * 24 * 60 * 60_000);
    await expect(desk.adapter.manifests.perform(prepared, call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: 'SCAN_FORM.CREATE.FAILURE',
      refused: true,
    });
  });
});
