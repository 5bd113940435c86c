/** The house rules of which room may name which; see "The house" in README.md. */
const AREAS =
  '(datasets|runs|simulations|measurements|exports|transfers|downloads|jobs|events|auth|audit|idempotency|system)'

/** Floors: an area calls only areas below it. */
const FLOORS = [
  ['system', 'auth', 'audit', 'events', 'idempotency'],
  ['jobs', 'downloads'],
  ['transfers', 'measurements', 'exports'],
  ['datasets'],
  ['runs', 'simulations'],
]

const upward = FLOORS.flatMap((floor, level) =>
  floor.map((area) => ({
    name: `floor-of-${area}`,
    comment: `${area} stands on its floor: it names no area beside or above it`,
    severity: 'error',
    from: { path: `^src/${area}/` },
    to: {
      path: `^src/(${
        FLOORS.slice(level)
          .flat()
          .filter((other) => other !== area)
          .join('|') || 'none'
      })/`,
    },
  })),
)

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      comment: 'a file that nothing uses is deleted',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/main\\.ts$' },
      to: {},
    },
    {
      name: 'operations',
      comment:
        'operations.ts: its own services, http/contract, http/reply, generated types, errors, the type of a spooled body',
      severity: 'error',
      from: { path: `^src/${AREAS}/[a-z-]*operations\\.ts$` },
      to: {
        path: '^(src|generated|node_modules)/',
        pathNot: [
          '^src/$1/(service|frames|recording)\\.ts$',
          '^src/http/(contract|reply)\\.ts$',
          '^generated/api\\.ts$',
          '^src/errors\\.ts$',
          '^src/frames/spooled\\.ts$',
        ],
      },
    },
    {
      name: 'repository',
      comment: 'repository.ts, and a part of it with a name of its own: Kysely, postgres/, errors',
      severity: 'error',
      from: { path: `^src/${AREAS}/[a-z-]*repository\\.ts$` },
      to: {
        path: '^(src|generated)/',
        pathNot: ['^src/postgres/', '^src/errors\\.ts$', '^src/$1/[a-z-]*repository\\.ts$'],
      },
    },
    {
      name: 'areas-know-no-http',
      comment: 'only operations.ts meets http/',
      severity: 'error',
      from: { path: `^src/${AREAS}/`, pathNot: 'operations\\.ts$' },
      to: { path: '^src/http/' },
    },
    {
      name: 'areas-know-no-settings',
      comment: 'what an area needs of config and log, app.ts gives it',
      severity: 'error',
      from: { path: `^src/${AREAS}/` },
      to: { path: ['^src/(config|log)\\.ts$', 'node_modules/koa'] },
    },
    {
      name: 'kysely-stays-in-repositories',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/${AREAS}/[a-z-]*repository\\.ts$`, '^src/postgres/'] },
      to: { path: 'node_modules/(kysely|pg)/' },
    },
    {
      name: 'postgres-as-a-handle',
      comment:
        'outside repositories and app.ts, PostgreSQL is an opaque handle, a lock, what its NOTIFY tells, or whether a failed statement may have been committed',
      severity: 'error',
      from: { path: `^src/${AREAS}/`, pathNot: 'repository\\.ts$' },
      to: { path: '^src/postgres/', pathNot: '^src/postgres/(handle|lock|listener|failure)\\.ts$' },
    },
    {
      name: 'another-area-by-its-service',
      comment: 'of another area only its service is called',
      severity: 'error',
      from: { path: `^src/${AREAS}/` },
      to: { path: `^src/${AREAS}/`, pathNot: ['^src/$1/', '/service\\.ts$'] },
    },
    {
      name: 'http-knows-no-area',
      severity: 'error',
      from: { path: '^src/http/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/http/',
          '^src/errors\\.ts$',
          '^src/config\\.ts$',
          '^src/log\\.ts$',
          '^src/(turns|background)\\.ts$',
          '^src/frames/(spooled|json-bounds|json-slices|small-member)\\.ts$',
          '^src/records/storable\\.ts$',
        ],
      },
    },
    {
      name: 'frames-is-a-library',
      severity: 'error',
      from: { path: '^src/frames/' },
      to: { path: '^(src|generated)/', pathNot: ['^src/frames/', '^src/errors\\.ts$'] },
    },
    {
      name: 'records-is-a-library',
      comment: "records/: what areas that keep clients' records share",
      severity: 'error',
      from: { path: '^src/records/' },
      to: {
        path: '^(src|generated)/',
        pathNot: ['^src/records/', '^src/turns\\.ts$', '^src/frames/(time|json-exact)\\.ts$', '^src/errors\\.ts$'],
      },
    },
    {
      name: 'questdb-knows-batches-only',
      severity: 'error',
      from: { path: '^src/questdb/' },
      to: { path: '^(src|generated)/', pathNot: ['^src/questdb/', '^src/frames/batch\\.ts$', '^src/errors\\.ts$'] },
    },
    {
      name: 'postgres-knows-errors-only',
      severity: 'error',
      from: { path: '^src/postgres/' },
      to: { path: '^(src|generated)/', pathNot: ['^src/postgres/', '^src/errors\\.ts$'] },
    },
    {
      name: 'storage-is-a-library',
      comment: 'storage/: files that processes share, in a folder or in an S3-compatible store',
      severity: 'error',
      from: { path: '^src/storage/' },
      to: { path: '^(src|generated)/', pathNot: ['^src/storage/', '^src/errors\\.ts$'] },
    },
    {
      name: 's3-stays-in-storage',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'app-is-the-root',
      comment: 'nothing but main.ts names app.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$' },
      to: { path: '^src/(app|main)\\.ts$' },
    },
    ...upward,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'types', 'node', 'default'], exportsFields: ['exports'] },
  },
}
