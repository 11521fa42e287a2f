import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';

import { emulatedProviders } from '../../sandbox/index.ts';
import { providers } from '../../src/carriers/registry.ts';

// Each case type-checks the whole product.
vi.setConfig({ testTimeout: 300_000 });

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsconfig = ts.getParsedCommandLineOfConfigFile(
  `${root}tsconfig.json`,
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
)!;
/** Files that are the same in every case, by path. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Returns the type errors of a tree without the provider's folders and its lines in the two registries. */
function errorsWithout(provider: string): string[] {
  const folders = [`${root}src/carriers/${provider}/`, `${root}sandbox/${provider}/`];
  const registries = [`${root}src/carriers/registry.ts`, `${root}sandbox/index.ts`];
  const isDeleted = (path: string) => folders.some((folder) => `${path}/`.startsWith(folder));
  const host = ts.createCompilerHost(tsconfig.options);
  const { fileExists, directoryExists, readFile, getSourceFile } = host;
  const readTree = (path: string) => {
    const text = readFile(path);
    return text !== undefined && registries.includes(path) ? withoutLines(text, provider) : text;
  };
  const errors = ts.getPreEmitDiagnostics(
    ts.createProgram({
      rootNames: tsconfig.fileNames.filter(
        (path) => /^(src|sandbox)\//.test(path.slice(root.length)) && !isDeleted(path),
      ),
      options: tsconfig.options,
      host: {
        ...host,
        fileExists: (path) => !isDeleted(path) && fileExists(path),
        directoryExists: (path) => !isDeleted(path) && directoryExists!(path),
        readFile: readTree,
        getSourceFile(path, language, ...rest) {
          if (registries.includes(path)) return ts.createSourceFile(path, readTree(path)!, language);
          if (!parsed.has(path)) parsed.set(path, getSourceFile(path, language, ...rest));
          return parsed.get(path);
        },
      },
    }),
  );
  return errors.map(
    ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

/** Removes the import of a provider's folder and the line of what it imports. */
function withoutLines(text: string, provider: string): string {
  const name = new RegExp(`^import \\{ (\\w+) \\} from '\\./${provider}/index\\.ts';$`, 'm').exec(text)![1]!;
  const lines = text.split('\n');
  const kept = lines.filter(
    (line) => !line.includes(`/${provider}/`) && !new RegExp(`^\\s+${name},`).test(line),
  );
  expect(lines).toHaveLength(kept.length + 2);
  return kept.join('\n');
}

describe('the registry of providers', () => {
  it('lists every provider that is emulated', () => {
    expect(emulatedProviders.map(({ id }) => id)).toEqual(providers.map(({ id }) => id));
  });

  it.each(providers.map(({ id }) => id))(
    'lets %s be deleted with its two folders and its line in each registry',
    (provider) => {
      expect(errorsWithout(provider)).toEqual([]);
    },
  );
});
