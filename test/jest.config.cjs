// Jest: TypeScript through swc, as CommonJS. Each folder of tests is a project, so that one kind can
// be run alone: `npx jest -c test/jest.config.cjs --selectProjects behaviour`.
const { readdirSync } = require('node:fs')
const { join } = require('node:path')

const isTest = (name) => /\.test\.ts$/.test(name)
const folders = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(__dirname, entry.name)).some(isTest))
  .map((entry) => entry.name)

/** @type {import('jest').Config} */
module.exports = {
  rootDir: join(__dirname, '..'),
  // Most tests wait for brokers and threads, and the machine may be busy with other tests.
  testTimeout: 60_000,
  projects: folders.map((folder) => ({
    displayName: folder,
    rootDir: join(__dirname, '..'),
    testMatch: [`<rootDir>/test/${folder}/**/*.test.ts`],
    transform: {
      '\\.[jt]s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
    },
    moduleNameMapper: {
      '^(\\.{1,2}/.*)\\.js$': '$1',
      '^#binding$': '<rootDir>/native/binding.cjs',
      '^tidemark$': '<rootDir>/src/index.ts',
      '^tidemark/testing$': '<rootDir>/src/testing/index.ts',
    },
    modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
  })),
}
