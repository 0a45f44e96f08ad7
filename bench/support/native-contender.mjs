import { readFileSync } from 'node:fs'
import { buildPrograms, program } from '../native/build.mjs'

const HEADER = new URL('../../build/librdkafka/include/librdkafka/rdkafka.h', import.meta.url)

/** A contender that is a native program of its own, with the same figures on standard output. */
export function nativeContender(name, gives) {
  return {
    name,
    kind: 'native',
    gives,
    prepare: buildPrograms,
    version() {
      const [, hex] = /#define RD_KAFKA_VERSION 0x([0-9a-f]{8})/.exec(readFileSync(HEADER, 'utf8'))
      return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
    },
    command({ bootstrap, topic, records, check }) {
      const args = ['--bootstrap', bootstrap, '--topic', topic, '--records', String(records)]
      return { file: program(name), args: check ? [...args, '--check', '1'] : args }
    },
  }
}
