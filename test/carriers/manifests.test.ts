import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EasyPostSandbox } from '../../sandbox/easypost/index.ts';
import type { UspsSandbox } from '../../sandbox/usps/index.ts';
import type { LabelledParcel } from '../../src/carriers/carrier.ts';
import { call, kept, labelled, openEasyPostDesk, openUspsDesk, today, type OpenDesk } from '../support/desks.ts'; // prettier-ignore
import { receiver, sender } from '../support/house.ts';

const bytes = (document: Uint8Array) => Buffer.from(document).subarray(0, 5).toString();

describe('USPS SCAN forms', () => {
  let desk: OpenDesk<UspsSandbox>;
  beforeAll(async () => void (desk = await openUspsDesk()));
  afterAll(() => desk.close());
  const prepare = (parcels: LabelledParcel[]) => desk.carrier.manifests.prepare({ parcels }, call);
  const forms = () => desk.emulator.count('POST', /\/scan-form$/);

  it('list parcels of one place and day, and want no payment token', async () => {
    const parcels = [await labelled(desk.carrier), await labelled(desk.carrier)];
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
    const made = await desk.carrier.manifests.perform(kept(prepared), call);
    expect(made.reference).toMatch(/^\d{22}$/);
    expect(made.form).toMatchObject({ format: 'PDF' });
    expect(bytes((made.form as { data: Uint8Array }).data)).toBe('%PDF-');
    expect(forms()).toBe(1);
    expect(desk.emulator.count('POST', /\/payments\//)).toBe(payments);
  });

  it('are read from one flat document as well', async () => {
    const body = { manifestNumber: '9475', SCANFormImage: Buffer.from('%PDF-1.4').toString('base64') };
    const prepared = await prepare([await labelled(desk.carrier)]);
    const answer = async (flat: object) => {
      desk.emulator.spoil({ path: /\/scan-form$/, times: 1, answer: { status: 200, body: flat } });
      return desk.carrier.manifests.perform(prepared, call);
    };
    expect(await answer(body)).toMatchObject({ reference: '9475', ticket: { manifestNumber: '9475' } });
    const { SCANFormImage, ...SCANFormMetaData } = body;
    expect(await answer({ SCANFormMetaData, SCANFormImage })).toMatchObject({ reference: '9475' });
    // A form may have been made: we do not know.
    for (const torn of [{ ...body, SCANFormImage: undefined }, { ...body, manifestNumber: undefined }, {}]) {
      await expect(answer(torn)).rejects.toMatchObject({ code: 'UNREADABLE', refused: false });
    }
  });

  it('are judged before a call: several places, several days, a day that is past, returns', async () => {
    const parcel = await labelled(desk.carrier);
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
    const parcel = await labelled(desk.carrier);
    await desk.carrier.labels.void!(parcel.label, call);
    await expect(desk.carrier.manifests.perform(await prepare([parcel]), call)).rejects.toMatchObject({
      refused: true,
      providerCode: '160397',
      message: expect.stringContaining(parcel.trackingNumber),
      field: ['shipmentIds'],
    });
  });

  it('can’t be recalled, nor followed: USPS reads no form back', () => {
    expect(desk.carrier.manifests.recall).toBeUndefined();
    expect(desk.carrier.manifests.follow).toBeUndefined();
  });
});

describe('EasyPost scan forms', () => {
  let desk: OpenDesk<EasyPostSandbox>;
  beforeAll(async () => void (desk = await openEasyPostDesk()));
  afterAll(() => desk.close());
  const prepare = (parcels: LabelledParcel[]) => desk.carrier.manifests.prepare({ parcels }, call);
  const form = (more: object) => ({
    status: 200,
    body: { id: 'sf_1', status: 'creating', message: null, form_url: null, tracking_codes: [], ...more },
  });

  it('are made in one call, and printed from EasyPost’s file', async () => {
    const { manifests } = desk.carrier;
    const parcels = [await labelled(desk.carrier), await labelled(desk.carrier)];
    const before = desk.emulator.calls.length;
    const made = await manifests.perform(kept(await prepare(parcels)), call);
    expect(desk.emulator.calls.length).toBe(before + 1);
    expect(made.reference).toMatch(/^sf_/);
    const { source } = made.form as { source: string };
    expect(bytes(await manifests.document!(source, call))).toBe('%PDF-');
    expect(await manifests.follow!(kept(made), call)).toEqual(made);
  });

  it('are fetched from nowhere but EasyPost', async () => {
    const before = desk.emulator.calls.length;
    for (const source of ['http://169.254.169.254/latest', 'https://easypost.com.evil.example/x.pdf']) {
      await expect(desk.carrier.manifests.document!(source, call)).rejects.toMatchObject({
        code: 'UNREADABLE',
      });
    }
    expect(desk.emulator.calls.length).toBe(before);
  });

  it('are followed while they are made, to the form or to the reason why there is none', async () => {
    const { manifests } = desk.carrier;
    const prepared = await prepare([await labelled(desk.carrier)]);
    desk.emulator.spoil({ method: 'POST', path: /\/scan_forms$/, times: 1, answer: form({}) });
    const creating = await manifests.perform(prepared, call);
    expect(creating).toEqual({ reference: 'sf_1', ticket: { scanForm: 'sf_1' } });
    const answer = (more: object) =>
      desk.emulator.spoil({ method: 'GET', path: /\/scan_forms\/sf_1$/, times: 1, answer: form(more) });
    answer({});
    expect(await manifests.follow!(kept(creating), call)).toEqual(creating);
    answer({ status: 'created', form_url: 'https://files.easypost.com/1.pdf' });
    expect(await manifests.follow!(kept(creating), call)).toMatchObject({
      form: { format: 'PDF', source: 'https://files.easypost.com/1.pdf' },
    });
    answer({ status: 'failed', message: 'slow down' });
    const given = await manifests.follow!(kept(creating), call);
    expect(given.form).toBeUndefined();
    expect(given).toMatchObject({
      failure: { code: 'REJECTED', providerMessage: 'slow down', refused: true },
    });
  });

  it('that failed at once were never made', async () => {
    const prepared = await prepare([await labelled(desk.carrier)]);
    const answer = form({ status: 'failed', message: 'slow down' });
    desk.emulator.spoil({ method: 'POST', path: /\/scan_forms$/, times: 1, answer });
    await expect(desk.carrier.manifests.perform(prepared, call)).rejects.toMatchObject({
      refused: true,
      providerMessage: 'slow down',
    });
    expect(await desk.carrier.manifests.recall!(prepared, call)).toBeUndefined();
    expect(await desk.carrier.manifests.perform(prepared, call)).toMatchObject({
      reference: expect.any(String),
    });
  });

  it('are found by their parcels among all that were made since, page by page', async () => {
    const { manifests } = desk.carrier;
    const prepared = kept(await prepare([await labelled(desk.carrier)]));
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
    expect(await manifests.recall!(prepared, call)).toBeUndefined();
    expect(desk.emulator.calls.length).toBe(before + 2);
    expect(await manifests.recall!(prepared, call)).toEqual(made);
  });

  it('may be one that is being made, which names no parcels yet', async () => {
    const prepared = await prepare([await labelled(desk.carrier)]);
    const body = { scan_forms: [form({}).body], has_more: false };
    desk.emulator.spoil({ path: /\/scan_forms$/, times: 1, answer: { status: 200, body } });
    await expect(desk.carrier.manifests.recall!(prepared, call)).rejects.toMatchObject({ refused: false });
  });

  it('hold parcels of one place', async () => {
    const parcel = await labelled(desk.carrier);
    const before = desk.emulator.calls.length;
    const elsewhere = { ...parcel, from: { ...sender, street2: 'Floor 2' } };
    await expect(prepare([parcel, elsewhere])).rejects.toMatchObject({ field: ['shipmentIds'] });
    expect(desk.emulator.calls.length).toBe(before);
  });

  it('are refused for labels whose day is past', async () => {
    const prepared = await prepare([await labelled(desk.carrier)]);
    desk.clock.advance(2 * 24 * 60 * 60_000);
    await expect(desk.carrier.manifests.perform(prepared, call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: 'SCAN_FORM.CREATE.FAILURE',
      refused: true,
    });
  });
});
