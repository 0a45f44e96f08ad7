// Types: the declarations in a strict program, without skipLibCheck, as an ES module and as CommonJS.
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../steps/command.mjs'
import { versionOf } from './published.mjs'
import { tool } from './tools.mjs'

const MODULES = { nodenext: 'nodenext', node16: 'node16', bundler: 'esnext', node10: 'commonjs' }

/** By name: where it is, and which module resolutions it has. */
export const COMPILERS = {
  'TypeScript 5': {
    program: () => join(root, 'node_modules/typescript/bin/tsc'),
    resolutions: Object.keys(MODULES),
  },
  'TypeScript 7': {
    program: () => tool('typescript/bin/tsc'),
    resolutions: ['nodenext', 'node16', 'bundler'],
  },
}

/** What the program takes beside tidemark. */
export const typesOfNode = () => `@types/node@${versionOf('@types/node')}`

/** Compiles it in `project`, which has tidemark, apache-arrow and the types of Node. */
export async function checkTypes(project, compiler, moduleResolution) {
  mkdirSync(project.path('types'), { recursive: true })
  for (const extension of ['mts', 'cts']) {
    const copy = project.path(`types/consumer.${extension}`)
    copyFileSync(join(root, 'test/package/consumer.ts'), copy)
  }
  const compilerOptions = {
    ...{ module: MODULES[moduleResolution], moduleResolution },
    ...{ target: 'es2022', lib: ['es2023'], types: ['node'] },
    ...{ strict: true, exactOptionalPropertyTypes: true },
    ...{ noEmit: true, skipLibCheck: false },
  }
  project.write('tsconfig.json', { compilerOptions, include: ['types'] })
  await project.run('node', [COMPILERS[compiler].program(), '-p', '.'])
}
