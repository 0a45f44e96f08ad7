// OpenSSL: libssl.a, libcrypto.a and their headers, with what a Kafka client can have use for.
import { cpSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { run } from '../native/librdkafka/run.mjs'
import { fetchLibrary, LIBRARIES } from './sources.mjs'
import { stage } from './stage.mjs'
import { TARGETS } from './targets.mjs'
import { AR, CC, CFLAGS, compilerOf, proveCompiler, RANLIB } from './toolchain.mjs'

/**
 * What stays out, and docs/prebuilt.md says why: of its parts, of its protocols, of its algorithms.
 * In stay TLS 1.2 and 1.3 with AES and ChaCha20, ML-KEM and ML-DSA, PKCS#8 and
 * PKCS#12, and the legacy provider (RC2, RC4, DES), which old key stores need.
 */
const PARTS = 'shared module dso tests apps docs engine async ui-console comp zlib'
const PROTOCOLS =
  'ssl3 ssl3-method tls1 tls1-method tls1_1 tls1_1-method dtls srtp sctp quic psk srp'
const FORMATS = 'cmp cms ct ocsp ts rfc3779 http nextprotoneg ssl-trace'
const ALGORITHMS =
  'aria bf blake2 camellia cast gost idea mdc2 md2 md4 rc5 rmd160 seed siphash siv sm2 sm3 sm4 ' +
  'whirlpool ec2m slh-dsa argon2 weak-ssl-ciphers'

const without = (names) => names.split(' ').map((name) => `no-${name}`)
const OPTIONS = [
  ...[PARTS, PROTOCOLS, FORMATS, ALGORITHMS].flatMap(without),
  // Where Debian, Ubuntu, Alpine, SUSE and macOS have openssl.cnf and the certificates of the CAs.
  // librdkafka looks for the certificates elsewhere, too: see librdkafka.mjs.
  ...['--prefix=/usr', '--openssldir=/etc/ssl'],
]

export function buildOpenssl(target, env) {
  const inputs = [compilerOf(target), LIBRARIES.openssl, OPTIONS, CFLAGS]
  return stage(target, 'openssl', inputs, async (directory, logFile) => {
    const source = fetchLibrary('openssl')
    const options = { cwd: directory, logFile, env: { ...env, CC, AR, RANLIB } }
    // By a relative path, since it gets into the binary. So do the options, hence without WITHOUT_ROOT.
    const configure = join(relative(directory, source), 'Configure')
    run('perl', [configure, TARGETS[target].openssl, ...OPTIONS, ...CFLAGS], options)
    run('make', ['-s', 'build_generated'], options)
    run('make', [`-j${availableParallelism()}`, 'libcrypto.a', 'libssl.a'], options)
    proveCompiler(logFile)
    cpSync(join(source, 'include/openssl'), join(directory, 'include/openssl'), { recursive: true })
  })
}
