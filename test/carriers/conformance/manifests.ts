import { expect } from 'vitest';

import { asStored, buyParcel, call, readDocument } from './requests.ts';
import type { Rules } from './subject.ts';

export const manifestRules: Rules = (rule) => {
  rule('creates one manifest of a parcel, with a form to print', async ({ adapter, emulator, paths }) => {
    const manifests = adapter.manifests!;
    const parcels = [await buyParcel(adapter), await buyParcel(adapter)];
    const before = emulator.count('POST', paths.manifest);
    const prepared = await manifests.prepare({ parcels }, call);
    expect(emulator.count('POST', paths.manifest)).toBe(before);
    const { form, reference } = await manifests.perform(asStored(prepared), call);
    expect(emulator.count('POST', paths.manifest)).toBe(before + 1);
    expect(reference).toMatch(/./);
    expect(await readDocument(manifests, form!)).toMatch(/^%PDF-/);
    const second = await manifests.prepare({ parcels: parcels.slice(0, 1) }, call);
    await expect(manifests.perform(second, call)).rejects.toMatchObject({ code: 'REJECTED', refused: true });
  });

  rule('treats a lost response to a manifest as uncertain', async ({ adapter, emulator, paths }) => {
    const manifests = adapter.manifests!;
    const prepared = asStored(await manifests.prepare({ parcels: [await buyParcel(adapter)] }, call));
    const before = emulator.count('POST', paths.manifest);
    emulator.injectFault({ method: 'POST', path: paths.manifest, times: 1, drop: 'after' });
    await expect(manifests.perform(prepared, call)).rejects.toMatchObject({ refused: false });
    expect(emulator.count('POST', paths.manifest)).toBe(before + 1);
  });

  rule('finds a manifest whose response was lost', async ({ adapter, emulator, paths }) => {
    const manifests = adapter.manifests!;
    const prepared = asStored(await manifests.prepare({ parcels: [await buyParcel(adapter)] }, call));
    emulator.injectFault({ method: 'POST', path: paths.manifest, times: 1, drop: 'before' });
    await expect(manifests.perform(prepared, call)).rejects.toMatchObject({ refused: false });
    expect(await manifests.reconcile!(prepared, call)).toBeUndefined();
    emulator.injectFault({ method: 'POST', path: paths.manifest, times: 1, drop: 'after' });
    await expect(manifests.perform(prepared, call)).rejects.toMatchObject({ refused: false });
    expect(await manifests.reconcile!(prepared, call)).toMatchObject({ form: { format: 'PDF' } });
  });
};
