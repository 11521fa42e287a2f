import graphql from '@graphql-eslint/eslint-plugin';
import tseslint from 'typescript-eslint';

/**
 * The rooms of the corridor, each with what it may import: what is nearer the ground, and types of the next room.
 * `domain` is the ground and imports nothing.
 */
const rooms = {
  domain: [],
  transport: ['domain'],
  carriers: ['domain', 'transport'],
  ledger: ['domain', 'transport', 'carriers'],
  loaders: ['domain', 'transport', 'carriers', 'ledger'],
  resolvers: ['domain', 'transport', 'carriers', 'ledger', 'loaders', 'generated'],
  server: ['domain', 'transport', 'carriers', 'ledger', 'loaders', 'resolvers'],
};
/** Rooms that are one file. */
const files = {
  'config.ts': ['domain', 'transport', 'carriers'],
  'context.ts': ['domain', 'transport', 'carriers', 'ledger', 'loaders', 'config.ts'],
};
/** Types that a room may name of the room next to it. */
const typesOfNext = { loaders: ['context.ts'], resolvers: ['context.ts'], server: ['context.ts'] };

const all = [
  ...Object.keys(rooms),
  ...Object.keys(files),
  'generated',
  'start.ts',
  'chores.ts',
  'main.ts',
  'sandbox.ts',
  'house.ts',
  'examine.ts',
  'care.ts',
  'hooks.ts',
  'backfill.ts',
  'commands',
];

function roomRule([room, allowed]) {
  const types = typesOfNext[room] ?? [];
  // A neighbour in a folder may be called as a file above it is.
  const above = (each) => each.endsWith('.ts') && !room.endsWith('.ts');
  const from = (each) =>
    `^(${above(each) ? '' : '\\./|'}(\\.\\./)+)${each.replace('.', '\\.')}${each.endsWith('.ts') ? '$' : '/'}`;
  const foreign = all.filter((each) => each !== room && !allowed.includes(each));
  const patterns = foreign.map((each) => ({
    regex: from(each),
    allowTypeImports: types.includes(each),
    message: types.includes(each) ? `${room} knows only types of ${each}` : `${room} does not know ${each}`,
  }));
  return {
    files: [room.endsWith('.ts') ? `src/${room}` : `src/${room}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ['node_modules/', 'src/generated/', '.data/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Resolvers and Fastify hooks are async by contract, whether they wait or not.
      '@typescript-eslint/require-await': 'off',
      // Contracts are plain objects of functions: none of them looks at `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Rejections of aborted calls carry the signal's reason, whatever it is.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'only config.ts reads the environment' },
      ],
    },
  },
  ...Object.entries({ ...rooms, ...files }).map(roomRule),
  {
    files: [
      'src/main.ts',
      'src/commands/*.ts',
      'sandbox/main.ts',
      'test/**/*.ts',
      'bench/**/*.ts',
      'examples/**/*.ts',
    ],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    // Query strings and bodies come in as anything, and are written as text on purpose.
    files: ['sandbox/**/*.ts'],
    rules: { '@typescript-eslint/no-base-to-string': 'off' },
  },
  {
    // Answers of servers are read as they come: a wrong shape fails the test that reads it.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    files: ['schema/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'src/generated/subgraph.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      // One line where one is enough, a block where it is not.
      '@graphql-eslint/description-style': 'off',
      // Values have no identity; entities say their keys.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  },
);
