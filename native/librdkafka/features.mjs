// Features: what librdkafka is built with, what must be on the machine for it, and what to link.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

export const CC = process.env.CC || 'cc'

/** In link order. */
const DEPENDENCIES = [
  { header: 'openssl/ssl.h', archive: 'libssl.a', aptPackage: 'libssl-dev' },
  { header: 'openssl/evp.h', archive: 'libcrypto.a', aptPackage: 'libssl-dev' },
  { header: 'zstd.h', archive: 'libzstd.a', aptPackage: 'libzstd-dev' },
  { header: 'zlib.h', archive: 'libz.a', aptPackage: 'zlib1g-dev' },
]
/** All that macOS has of them is in one library, but for -lrt, which it has not got. */
const SYSTEM_LIBRARIES = { linux: ['-lm', '-lpthread', '-ldl', '-lrt'], darwin: [] }

/** config.h's macro for each; none of them may be missing. */
const CODECS = { gzip: 'WITH_ZLIB', snappy: 'WITH_SNAPPY', zstd: 'WITH_ZSTD' }
const SECURITY = {
  SSL: 'WITH_SSL',
  'SASL PLAIN': 'WITH_SSL',
  'SASL SCRAM': 'WITH_SASL_SCRAM',
  'SASL OAUTHBEARER': 'WITH_SASL_OAUTHBEARER',
}

/** Where else to look: librdkafka's configure takes these from the environment, too. */
const flagsOf = (variable) => process.env[variable]?.split(' ').filter(Boolean) ?? []

const hasHeader = (header) =>
  spawnSync(CC, [...flagsOf('CPPFLAGS'), '-E', '-x', 'c', '-'], {
    input: `#include <${header}>\n`,
  }).status === 0

/** The archive's path in the folders of LDFLAGS or as the compiler finds it, or undefined. */
function findArchive(archive) {
  const folders = flagsOf('LDFLAGS').filter((flag) => flag.startsWith('-L'))
  const found = folders.map((flag) => join(flag.slice(2), archive)).find(existsSync)
  if (found) return realpathSync(found)
  const path = execFileSync(CC, [`-print-file-name=${archive}`], { encoding: 'utf8' }).trim()
  return isAbsolute(path) && existsSync(path) ? realpathSync(path) : undefined
}

/** The static archives of the dependencies. Throws with the command that installs missing ones. */
export function findDependencies() {
  const missing = []
  const archives = []
  for (const { header, archive, aptPackage } of DEPENDENCIES) {
    const path = findArchive(archive)
    if (!hasHeader(header)) missing.push({ what: `<${header}>`, aptPackage })
    else if (path === undefined) missing.push({ what: archive, aptPackage })
    else archives.push(path)
  }
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(({ aptPackage }) => aptPackage))].join(' ')
    throw new Error(
      `librdkafka: ${missing.map(({ what }) => what).join(', ')} not found. Install with: ` +
        `apt-get update && apt-get install -y ${packages}`,
    )
  }
  return archives
}

/** Reads from `source`'s config.h what is in; throws if anything that is promised is not. */
export function readFeatures(source, library, archives, platform = process.platform) {
  const config = readFileSync(join(source, 'config.h'), 'utf8')
  const present = (table) => {
    for (const [name, macro] of Object.entries(table)) {
      if (!new RegExp(`^#define ${macro} 1$`, 'm').test(config)) {
        throw new Error(`librdkafka: ${name} (${macro}) is not in the build; see config.log`)
      }
    }
    return Object.keys(table)
  }
  return {
    codecs: [...present(CODECS), 'lz4'],
    security: present(SECURITY),
    link: [library, ...archives, ...SYSTEM_LIBRARIES[platform]],
  }
}
