import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { buildPrograms, program } from '../native/build.mjs'

const HEADER = new URL('../../build/librdkafka/include/librdkafka/rdkafka.h', import.meta.url)

/** A contender that is a native program of its own, with the same figures on standard output. */
export function nativeContender(name, gives) {
  return {
    name,
    gives,
    prepare: buildPrograms,
    version() {
      const [, hex] = /#define RD_KAFKA_VERSION 0x([0-9a-f]{8})/.exec(readFileSync(HEADER, 'utf8'))
      return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
    },
    async run({ bootstrap, topic, records, check }) {
      const args = ['--bootstrap', bootstrap, '--topic', topic]
      if (Number.isFinite(records)) args.push('--records', String(records))
      if (check) args.push('--check', '1')
      const { stdout } = await promisify(execFile)(program(name), args)
      return JSON.parse(stdout)
    },
  }
}
