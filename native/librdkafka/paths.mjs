// Paths: where librdkafka comes from and where it is built.
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = resolve(HERE, '../..')

/** The npm package that carries librdkafka's source. */
export const PACKAGE = '@confluentinc/kafka-javascript'
export const PACKAGE_VERSION = '1.10.1'
/** The librdkafka in it. */
export const LIBRDKAFKA_VERSION = '2.15.1'

export const packageDirectory = join(ROOT, 'node_modules', PACKAGE)
/** The patched tree that a published package of this project carries. */
export const preparedSource = join(HERE, 'source')
export const buildDirectory = join(ROOT, 'build', 'librdkafka')
/** For `#include <librdkafka/rdkafka.h>`; the same for every variant. */
export const includeDirectory = join(buildDirectory, 'include')
