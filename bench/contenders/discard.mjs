// librdkafka without our ops of record batches: a message for each record, thrown away.
import { program } from '../native/build.mjs'
import { nativeContender } from '../support/native-contender.mjs'

const contender = nativeContender(
  'discard',
  'nothing: librdkafka in C, one message a record, thrown away',
)
export const { name, kind, gives, prepare, version } = contender

/** In live it is another loop: one message at a time, as soon as it is there. */
export function command(settings) {
  const { bootstrap, topic, live } = settings
  if (!live) return contender.command(settings)
  const args = { bootstrap, topic, records: live.records, skip: live.skip, file: live.file }
  return {
    file: program('live'),
    args: Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]),
  }
}
