/**
 * What each layer may import, lowest first: a layer imports only those named here, never those above or beside it. Type
 * imports count as imports.
 */
const layers = {
  domain: [],
  transport: ['domain'],
  carriers: ['domain', 'transport'],
  config: ['domain', 'transport', 'carriers'],
  storage: ['domain', 'transport'],
  accounts: ['domain', 'transport', 'carriers', 'config'],
  workflows: ['domain', 'transport', 'carriers', 'storage', 'accounts'],
  loaders: ['domain', 'transport', 'carriers', 'storage', 'accounts'],
  auth: ['domain', 'transport', 'config', 'storage', 'accounts', 'workflows', 'loaders'],
  resolvers: [
    'domain',
    'transport',
    'carriers',
    'storage',
    'accounts',
    'workflows',
    'loaders',
    'auth',
    'generated',
  ],
  jobs: ['domain', 'transport', 'storage', 'accounts', 'workflows', 'loaders'],
  admin: ['domain', 'transport', 'carriers', 'storage', 'accounts', 'workflows'],
  server: [
    'domain',
    'transport',
    'carriers',
    'storage',
    'accounts',
    'workflows',
    'loaders',
    'auth',
    'resolvers',
  ],
};

const inLayers = (names) => `^src/(${names.join('|')})/`;

const sandboxTenant = '^src/accounts/sandbox\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(layers).map(([layer, allowed]) => ({
      name: `${layer}-imports-only-layers-below`,
      severity: 'error',
      from: { path: inLayers([layer]), pathNot: sandboxTenant },
      to: { path: '^(src|sandbox|test)/', pathNot: inLayers([layer, ...allowed]) },
    })),
    {
      // Starts the emulated providers in this process, which nothing else in src does.
      name: 'sandbox-tenant-imports-the-registry-of-emulated-providers',
      severity: 'error',
      from: { path: sandboxTenant },
      to: {
        path: '^(src|sandbox|test)/',
        pathNot: [inLayers(['accounts', ...layers.accounts]), '^sandbox/index\\.ts$'],
      },
    },
    {
      name: 'sandbox-imports-nothing-of-src',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(src|test)/' },
    },
    {
      name: 'providers-do-not-import-each-other',
      severity: 'error',
      from: { path: '^(src/carriers|sandbox)/([^/]+)/' },
      // What they share: drawing labels.
      to: { path: '^$1/[^/]+/', pathNot: ['^$1/$2/', '^sandbox/printing/'] },
    },
    {
      // So that a provider is added and deleted by its folder and one line in the registry.
      name: 'only-the-registry-imports-a-provider',
      severity: 'error',
      from: {
        pathNot: ['^src/carriers/registry\\.ts$', '^sandbox/index\\.ts$', '^(src/carriers|sandbox)/[^/]+/'],
      },
      to: { path: '^(src/carriers|sandbox)/[^/]+/', pathNot: '^sandbox/printing/' },
    },
    {
      name: 'the-registry-imports-the-index-of-a-provider',
      severity: 'error',
      from: { path: ['^src/carriers/registry\\.ts$', '^sandbox/index\\.ts$'] },
      to: { path: '^(src/carriers|sandbox)/[^/]+/', pathNot: '/index\\.ts$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/generated/' },
  },
};
