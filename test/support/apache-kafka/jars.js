import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ClassArchive } from './class-archive.js'

export const VERSION = '4.1.0'
const POM = fileURLToPath(new URL('./pom.xml', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** Maven keeps what it downloads for all clones; here lies this clone's copy of the 93 jars. */
const FOLDER = join(ROOT, 'build/apache-kafka', VERSION)
const OLDEST_JAVA = 17
const FETCH_TIMEOUT_MS = 480_000

const run = promisify(execFile)

/**
 * @typedef {object} Jars
 * @property {string} classPath
 * @property {ClassArchive} archive
 */

/**
 * Fetches Apache Kafka from Maven Central, once.
 *
 * @returns {Promise<Jars | { missing: string }>} or what the machine lacks
 */
export async function fetchJars() {
  const java = await findJava()
  if ('missing' in java) return java
  const jars = {
    classPath: join(FOLDER, '*'),
    archive: new ClassArchive(join(FOLDER, `classes-${java.version}.jsa`)),
  }
  if (existsSync(FOLDER)) return jars

  // Copied beside its place and moved there: a folder that is there is whole.
  const copy = `${FOLDER}.${process.pid}`
  await mkdir(copy, { recursive: true })
  try {
    await run(
      'mvn',
      ['-B', '-q', '-f', POM, `-Dkafka.version=${VERSION}`, `-DoutputDirectory=${copy}`].concat(
        '-DincludeScope=runtime',
        'dependency:copy-dependencies',
      ),
      { timeout: FETCH_TIMEOUT_MS },
    )
    await rename(copy, FOLDER).catch((error) => {
      // Another process was faster.
      if (!existsSync(FOLDER)) throw error
    })
  } catch (error) {
    return { missing: `Apache Kafka could not be fetched with Maven: ${whyMavenFailed(error)}` }
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
  return jars
}

/** @returns {Promise<{ version: string } | { missing: string }>} Maven too, where it is needed */
async function findJava() {
  let version = ''
  try {
    const { stderr } = await run('java', ['-version'])
    version = /version "(\d[\w.+-]*)/.exec(stderr)?.[1] ?? ''
  } catch {
    return { missing: `Java is not there (apt-get install -y openjdk-17-jre-headless maven)` }
  }
  if (Number.parseInt(version, 10) < OLDEST_JAVA) {
    return { missing: `Java ${OLDEST_JAVA} or newer is needed, not ${version}` }
  }
  if (existsSync(FOLDER)) return { version }
  try {
    await run('mvn', ['-v'])
  } catch {
    return { missing: 'Maven is not there (apt-get install -y maven)' }
  }
  return { version }
}

/** @param {any} error of execFile */
function whyMavenFailed(error) {
  if (error.killed) return `it took more than ${FETCH_TIMEOUT_MS / 1000} s`
  const line = /^\[ERROR\] (.*)/m.exec(error.stdout ?? '')?.[1]
  return line ?? error.message
}
