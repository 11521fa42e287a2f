import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced code block of a Markdown page. */
export interface CodeBlock {
  /** The page and line: `docs/tracking.md:6`. */
  readonly place: string;
  readonly page: string;
  readonly language: string;
  /**
   * The word after the language. `no-run`: it is checked, but can't run. `fragment`: part of a program. A path of a test:
   * that test runs it. `tenants`, `tenant`, `account` or `api-key`, of JSON: that part of a tenants file.
   */
  readonly mark: string;
  readonly code: string;
}

const pages = ['README.md', 'docs/**/*.md', 'examples/*/README.md', 'packages/client/README.md'];

/** The pages of the documentation, by their path. */
export const documentationPages = (): string[] => globSync(pages, { cwd: root }).sort();

/** Returns the code blocks of all pages. */
export const codeBlocks = (): CodeBlock[] => documentationPages().flatMap(blocksOf);

function blocksOf(page: string): CodeBlock[] {
  const text = readFileSync(`${root}${page}`, 'utf8');
  return [...text.matchAll(/^( *)```(\w+) *(.*)\n([^]*?)^ *```$/gm)].map(
    ({ index, 1: indent, 2: language, 3: mark, 4: code }) => ({
      place: `${page}:${text.slice(0, index).split('\n').length}`,
      page,
      language: language!,
      mark: mark!.trim(),
      code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}
