import graphql from '@graphql-eslint/eslint-plugin';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // The storefront is a package of its own, which its build checks.
  { ignores: ['node_modules/', '**/generated/', '**/dist/', '.data/', 'examples/storefront/'] },
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
        { object: 'process', property: 'env', message: 'only config/ reads the environment' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          name: 'node:http',
          allowTypeImports: true,
          message: 'import transport/node-http.ts, which says why',
        },
      ],
    },
  },
  {
    files: [
      'src/serve.ts',
      'src/cli/*.ts',
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
