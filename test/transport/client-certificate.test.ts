import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/authority.ts';
import type { ProviderError } from '../../src/domain/errors.ts';
import { openClientCertificate, type CertificateSource } from '../../src/transport/client-certificate.ts';
import { testClock } from '../support/test-server.ts';

const authority = openAuthority();
const day = 24 * 60 * 60_000;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return { file };
};
const writePair = ({ certificate, privateKey } = authority.issue('first')) => ({
  certificate: write('certificate', certificate),
  privateKey: write('privateKey', privateKey),
});
function open(sources: Parameters<typeof openClientCertificate>[0]) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const warnings: string[] = [];
  const certificate = openClientCertificate(sources, clock, (message) => void warnings.push(message));
  return { clock, warnings, certificate };
}
const errorOf = (certificate: CertificateSource) => {
  try {
    certificate.current();
    return undefined;
  } catch (error) {
    return error as ProviderError;
  }
};

describe('a client certificate', () => {
  it('is the same object until the content of its files changes', () => {
    const pair = authority.issue('first');
    const { certificate } = open(writePair(pair));
    const first = certificate.current();
    expect(certificate.current()).toBe(first);
    write('certificate', pair.certificate);
    expect(certificate.current()).toBe(first);
    writePair(authority.issue('second'));
    expect(certificate.current()).not.toBe(first);
    expect(certificate.state().subject).toBe('CN=second');
  });

  it('stays in use while only one of its two files is replaced', () => {
    const { certificate, warnings } = open(writePair());
    const first = certificate.current();
    const next = authority.issue('second');
    write('certificate', next.certificate);
    expect(certificate.current()).toBe(first);
    expect(warnings).toEqual([
      expect.stringMatching(/the previous pair stays in use.*does not match its private key/),
    ]);
    write('privateKey', next.privateKey);
    expect(certificate.current().certificate).toBe(next.certificate);
    expect(certificate.state()).toMatchObject({ subject: 'CN=second', warnings: [] });
  });

  it('stays in use while a file is missing or unreadable', () => {
    const { certificate } = open(writePair());
    const first = certificate.current();
    write('privateKey', 'invalid');
    expect(certificate.current()).toBe(first);
    rmSync(join(folder, 'certificate'));
    expect(certificate.current()).toBe(first);
    // A link to itself cannot be resolved.
    symlinkSync(join(folder, 'certificate'), join(folder, 'certificate'));
    expect(certificate.current()).toBe(first);
  });

  it('keeps its authority while the new authority’s file is empty or truncated', () => {
    const { certificate } = open({ ...writePair(), ca: write('ca', authority.certificate) });
    const first = certificate.current();
    for (const invalid of ['', 'invalid', authority.certificate.slice(0, 100)]) {
      write('ca', invalid);
      expect(certificate.current()).toBe(first);
    }
    const next = openAuthority().certificate;
    write('ca', next);
    expect(certificate.current().ca).toBe(next);
  });

  it('is replaced once the new one becomes valid', () => {
    const { certificate, clock } = open(
      writePair(authority.issue('first', { to: Date.parse('2026-11-20T18:00:00Z') })),
    );
    writePair(authority.issue('second', { from: clock.now() + day }));
    certificate.current();
    expect(certificate.state().subject).toBe('CN=first');
    clock.advance(3 * day);
    certificate.current();
    expect(certificate.state()).toMatchObject({ subject: 'CN=second', warnings: [] });
  });

  it('warns of a key that other users can read', () => {
    const sources = writePair();
    chmodSync(sources.privateKey.file, 0o640);
    const { warnings, certificate } = open(sources);
    expect(warnings).toEqual([expect.stringContaining('chmod 600')]);
    chmodSync(sources.privateKey.file, 0o600);
    expect(certificate.state().warnings).toEqual([]);
  });

  it('warns once a day from a month before its expiry, and fails after it', () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const pair = authority.issue('brief', { to: clock.now() + 31 * day });
    const { certificate, warnings, clock: ownClock } = open(pair);
    expect(warnings).toEqual([]);
    ownClock.advance(day);
    for (let times = 0; times < 3; times += 1) certificate.current();
    expect(warnings).toEqual([expect.stringContaining('expires on 2026-12-19')]);
    ownClock.advance(day);
    certificate.current();
    expect(warnings).toHaveLength(2);
    ownClock.advance(29 * day);
    expect(errorOf(certificate)).toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      providerCode: 'CERT_HAS_EXPIRED',
    });
  });

  it('that is missing, unreadable or mismatched fails with a specific error', () => {
    const [a, b] = [authority.issue('a'), authority.issue('b')];
    const missing = { file: join(folder, 'nowhere') };
    for (const [sources, failure] of [
      [{}, { code: 'CREDENTIALS_MISSING', message: 'the account has no client certificate' }],
      [
        { ...a, certificate: missing },
        { code: 'CREDENTIALS_MISSING', providerCode: 'ENOENT' },
      ],
      [{ ...a, privateKey: 'invalid' }, { code: 'CREDENTIALS_MISSING' }],
      [
        { ...a, privateKey: b.privateKey },
        { code: 'CREDENTIALS_REJECTED', providerCode: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' },
      ],
    ] as const) {
      const error = errorOf(open(sources).certificate);
      expect(error).toMatchObject({ name: 'ProviderError', refused: true, ...failure });
      expect(`${error!.message} ${error!.hint}`).not.toMatch(/PRIVATE|nowhere|invalid/);
    }
  });
});
