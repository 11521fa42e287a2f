import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UspsSandbox } from '../../../sandbox/usps/index.ts';
import type { LabelledParcel } from '../../../src/domain/label.ts';
import { call, kept, labelled, openUspsAdapter, today, type OpenAdapter } from '../../support/adapters.ts';
import { receiver } from '../../support/test-server.ts';

const firstBytes = (document: Uint8Array) => Buffer.from(document).subarray(0, 5).toString();

describe('USPS SCAN forms', () => {
  let subject: OpenAdapter<UspsSandbox>;
  beforeAll(async () => void (subject = await openUspsAdapter()));
  afterAll(() => subject.close());
  const prepare = (parcels: LabelledParcel[]) => subject.adapter.manifests.prepare({ parcels }, call);
  const forms = () => subject.emulator.count('POST', /\/scan-form$/);

  it('list parcels of one origin and date, and need no payment token', async () => {
    const parcels = [await labelled(subject.adapter), await labelled(subject.adapter)];
    const payments = subject.emulator.count('POST', /\/payments\//);
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
    const manifest = await subject.adapter.manifests.perform(kept(prepared), call);
    expect(manifest.reference).toMatch(/^\d{22}$/);
    expect(manifest.form).toMatchObject({ format: 'PDF' });
    expect(firstBytes((manifest.form as { data: Uint8Array }).data)).toBe('%PDF-');
    expect(forms()).toBe(1);
    expect(subject.emulator.count('POST', /\/payments\//)).toBe(payments);
  });

  it('are read from one JSON document too', async () => {
    const body = { manifestNumber: '9475', SCANFormImage: Buffer.from('%PDF-1.4').toString('base64') };
    const prepared = await prepare([await labelled(subject.adapter)]);
    const performWith = async (document: object) => {
      subject.emulator.injectFault({
        path: /\/scan-form$/,
        times: 1,
        response: { status: 200, body: document },
      });
      return subject.adapter.manifests.perform(prepared, call);
    };
    expect(await performWith(body)).toMatchObject({
      reference: '9475',
      providerRef: { manifestNumber: '9475' },
    });
    const { SCANFormImage, ...SCANFormMetaData } = body;
    expect(await performWith({ SCANFormMetaData, SCANFormImage })).toMatchObject({ reference: '9475' });
    // The form may have been created: the outcome is unknown.
    for (const incomplete of [
      { ...body, SCANFormImage: undefined },
      { ...body, manifestNumber: undefined },
      {},
    ]) {
      await expect(performWith(incomplete)).rejects.toMatchObject({ code: 'UNREADABLE', refused: false });
    }
  });

  it('are refused without a call for several origins, several dates, a past date or returns', async () => {
    const parcel = await labelled(subject.adapter);
    const before = subject.emulator.calls.length;
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
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('are refused for a voided label, which the message names', async () => {
    const parcel = await labelled(subject.adapter);
    await subject.adapter.labels.void!(parcel.label, call);
    await expect(subject.adapter.manifests.perform(await prepare([parcel]), call)).rejects.toMatchObject({
      refused: true,
      providerCode: '160397',
      message: expect.stringContaining(parcel.trackingNumber!),
      field: ['shipmentIds'],
    });
  });

  it('can’t be reconciled or refreshed, since USPS has no endpoint that reads a form', () => {
    expect(subject.adapter.manifests.reconcile).toBeUndefined();
    expect(subject.adapter.manifests.refresh).toBeUndefined();
  });
});
