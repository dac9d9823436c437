/**
 * The import arrows of ARCHITECTURE.md. A rule names the room and what it may not reach; `npm run check` fails when one is
 * broken, and when no module was looked at.
 */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: {
    path: '^(protocol|interceptors|monitor-server|viewer|sample-airline-bank|bench|end-to-end)/',
    pathNot: allowed,
  },
});

module.exports = {
  forbidden: [
    // Circles of types alone cost nothing at run time.
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^better-sqlite3$' } },
    only('protocol-knows-nobody', '^protocol/src', '^protocol/'),
    {
      name: 'protocol-has-no-dependencies',
      severity: 'error',
      from: { path: '^protocol/src', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    only('interceptors-know-protocol', '^interceptors/', '^(interceptors|protocol)/'),
    {
      name: 'interceptors-bring-nothing-along',
      severity: 'error',
      from: { path: '^interceptors/[^/]+/src', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: 'node_modules', dependencyTypesNot: ['core', 'type-only'] },
    },
    only('server-knows-protocol', '^monitor-server/', '^(monitor-server|protocol)/'),
    only('viewer-knows-protocol', '^viewer/', '^(viewer|protocol)/'),
    only('sample-knows-the-interceptor', '^sample-airline-bank/', '^(sample-airline-bank|interceptors|protocol)/'),
    {
      name: 'store-imports-nothing-above-it',
      severity: 'error',
      from: { path: '^monitor-server/src/store/', pathNot: '\\.test\\.ts$' },
      to: { path: '^monitor-server/src/(?!store/)' },
    },
    {
      name: 'only-open-store-names-an-adapter',
      severity: 'error',
      from: {
        path: '^monitor-server/src/',
        pathNot: '^monitor-server/src/store/(open-store\\.ts|sqlite/)|\\.test\\.ts$',
      },
      to: { path: '^monitor-server/src/store/sqlite/' },
    },
    {
      name: 'rooms-meet-only-in-the-composition',
      severity: 'error',
      from: { path: '^monitor-server/src/(ingest|live|query|health|access)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^monitor-server/src/(ingest|live|query|health|access)/', pathNot: '^monitor-server/src/$1/' },
    },
    {
      name: 'only-main-composes',
      severity: 'error',
      from: { path: '^monitor-server/src/', pathNot: '/testing/|^monitor-server/src/main\\.ts$|\\.test\\.ts$' },
      to: { path: '^monitor-server/src/monitor-server\\.ts$' },
    },
    {
      name: 'scene-and-model-know-no-react',
      severity: 'error',
      from: { path: '^viewer/src/(scene|model|feed|session)/' },
      to: { path: '^(react|react-dom|viewer/src/(panels|app|time-bar))|node_modules/react' },
    },
    {
      name: 'model-is-pure',
      severity: 'error',
      from: { path: '^viewer/src/model/', pathNot: '\\.test\\.ts$' },
      to: { path: '^viewer/src/(?!model/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.cache|data)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      conditionNames: ['soa-monitor-source', 'types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
};
