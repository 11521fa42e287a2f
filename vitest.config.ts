import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The copy of graphql that Node loads. Vite would prefer its ES modules, whose types the libraries' copy does not know.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/template.ts'],
    // The embedded ledger's first start takes seconds on a small machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // On two cores, since a third of what tests do is waiting.
    maxWorkers: 3,
    // Files of a worker share its modules, most of which they all load: loading them anew takes a third of the time.
    isolate: false,
  },
});
