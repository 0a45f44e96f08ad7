// Jest: TypeScript through swc, as CommonJS. Each folder of tests is a project, so that one kind can
// be run alone: `npx jest -c test/jest.config.cjs --selectProjects behaviour`. Where there is a Kafka,
// project `kafka` has those behaviour tests too that take their cluster from test/support/cluster.ts.
const { readdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const isTest = (name) => /\.test\.ts$/.test(name)
const folders = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(__dirname, entry.name)).some(isTest))
  .map((entry) => entry.name)

const matchesOf = (folder) => [
  `<rootDir>/test/${folder}/**/*.test.ts`,
  ...(folder === 'kafka' && process.env.TIDEMARK_TEST_BOOTSTRAP ? forAnyCluster() : []),
]

function forAnyCluster() {
  const files = readdirSync(join(__dirname, 'behaviour')).filter(isTest)
  return files
    .filter((name) =>
      readFileSync(join(__dirname, 'behaviour', name), 'utf8').includes('openCluster'),
    )
    .map((name) => `<rootDir>/test/behaviour/${name}`)
}

/** @type {import('jest').Config} */
module.exports = {
  rootDir: join(__dirname, '..'),
  // Tests wait for brokers and threads, each time with a deadline of their own (support/until.js).
  // This ends one that has none and hangs.
  testTimeout: 180_000 * Number(process.env.TIDEMARK_TEST_SLOWNESS ?? 1),
  projects: folders.map((folder) => ({
    displayName: folder,
    rootDir: join(__dirname, '..'),
    testMatch: matchesOf(folder),
    globals: { ON_KAFKA: folder === 'kafka' },
    transform: {
      '\\.[jt]s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
    },
    moduleNameMapper: {
      '^(\\.{1,2}/.*)\\.js$': '$1',
      '^#binding$': '<rootDir>/native/node/binding.cjs',
      '^tidemark$': '<rootDir>/src/index.ts',
      '^tidemark/testing$': '<rootDir>/src/testing/index.ts',
    },
    modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
  })),
}
