import { CriticalityLevel, diff, type Change } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** Returns the paths of the changes from one SDL to another that break a client or a supergraph. */
export async function breakingChanges(released: string, present: string): Promise<string[]> {
  const [before, after] = [released, present].map((sdl) => buildSchema(sdl, { assumeValidSDL: true }));
  const changes = await diff(before!, after!);
  return [...new Set(changes.filter(isBreaking).map(({ path, message }) => path ?? message))];
}

function isBreaking({ path = '', type, criticality }: Change): boolean {
  // The definitions of federation's directives; what counts is where they are used.
  if (path.startsWith('@')) return false;
  // An entity that is found by fewer keys, and a field that takes another permission.
  if (/\.@(key|requiresScopes\.scopes)\b/.test(path) && type.endsWith('_REMOVED')) return true;
  return criticality.level === CriticalityLevel.Breaking;
}

/** Returns those of the breaking changes that a changelog does not list. */
export async function unlistedChanges(
  released: string,
  present: string,
  changelog: string,
): Promise<string[]> {
  const listed = listedChanges(changelog);
  return (await breakingChanges(released, present)).filter((path) => !listed.includes(path));
}

/** Returns the paths with which the entries under "Breaking" of what is not released yet begin. */
function listedChanges(changelog: string): string[] {
  const unreleased = changelog.split(/^## /m).find((section) => section.startsWith('Unreleased')) ?? '';
  const breaking = unreleased.split(/^### /m).find((section) => section.startsWith('Breaking')) ?? '';
  return [...breaking.matchAll(/^- `([^`]+)`/gm)].map(([, path]) => path!);
}

/** Returns the version that a changelog lists as the last release. */
export const lastRelease = (changelog: string): string => /^## (\d+\.\d+\.\d+) /m.exec(changelog)![1]!;
