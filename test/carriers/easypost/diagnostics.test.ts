import { describe, expect, it } from 'vitest';

import type { Diagnostic } from '../../../src/carriers/adapter.ts';
import { call, openAdapter } from './open-adapter.ts';

describe('diagnostics of an EasyPost account', () => {
  it('checks key, environment and clock by one call', async () => {
    const { adapter, emulator } = await openAdapter();
    const statuses = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ check, status }) => `${check} ${status}`); // prettier-ignore
    // The emulator dates its responses by the machine's clock, which differs from the test's.
    expect(statuses(await adapter.diagnose!(call))).toEqual(['key ok', 'environment ok', 'clock warning']);
    expect(emulator.calls.length).toBe(1);

    const refused = await openAdapter({ apiKey: 'EZTKhush' });
    const diagnostics = await refused.adapter.diagnose!(call);
    expect(statuses(diagnostics)).toEqual(['key failed']);
    expect(diagnostics[0]!.hint).toMatch(/key/);
    expect(JSON.stringify(diagnostics)).not.toContain('hush');
    expect(refused.emulator.calls.length).toBe(1);
  });
});
