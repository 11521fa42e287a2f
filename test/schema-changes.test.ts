import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { breakingChanges, lastRelease, unlistedChanges } from './support/schema-changes.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const changelog = read('CHANGELOG.md');
const present = read('src/generated/subgraph.graphql');
const released = read(`schema/released/${lastRelease(changelog)}.graphql`);

describe('changes of the schema since the last release', () => {
  it('are listed in CHANGELOG.md under "Breaking" where they break a client', async () => {
    expect(
      await unlistedChanges(released, present, changelog),
      'begin an entry with the path of the change, in backticks, under "### Breaking" of "## Unreleased"',
    ).toEqual([]);
  });

  it.each([
    [
      'a field is removed',
      /("""The display name of the account."""\n) *name: String!/,
      '$1 title: String!',
      ['ProviderAccount.name'],
    ],
    ['an argument becomes required', /maxAgeSeconds: Int(?=\s+\): \[Tracker)/, 'maxAgeSeconds: Int!', ['Query.trackers.maxAgeSeconds']], // prettier-ignore
    ['an enum value is removed', /"""[^"]*"""\s+HALF_OPEN/, '', ['BreakerState.HALF_OPEN']],
    ['an entity loses a key', '@key(fields: "trackingNumber carrier")', '', ['Tracker.@key']],
    ['a field takes another permission', '[["addresses:read"]]', '[["admin"]]', [expect.stringMatching(/\.@requiresScopes\.scopes$/)]], // prettier-ignore
    ['a field is added', 'type Tenant @', 'type New { a: ID } type Tenant @', []],
    ['an enum value is added', 'HALF_OPEN', 'HALF_OPEN NEW', []],
  ])('break a client or do not: %s', async (_, text, replacement, paths) => {
    const changed = present.replace(text, replacement);
    expect(changed).not.toBe(present);
    expect(await breakingChanges(present, changed)).toEqual(paths);
  });

  it('pass where an entry of what is not released begins with their path', async () => {
    const changed = present.replace('@key(fields: "trackingNumber carrier")', '');
    const section = (heading: string, entry: string) => `## ${heading}\n\n### Breaking\n\n- ${entry}\n\n`;
    const unlisted = (log: string) => unlistedChanges(present, changed, log);
    expect(await unlisted(section('Unreleased', '`Tracker.@key`: a number alone names no parcel.'))).toEqual(
      [],
    );
    expect(await unlisted(section('Unreleased', 'Trackers have one key.'))).toEqual(['Tracker.@key']);
    expect(await unlisted(section('1.0.0', '`Tracker.@key`'))).toEqual(['Tracker.@key']);
  });
});
