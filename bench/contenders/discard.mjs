// librdkafka as it is: a message for each record, thrown away.
import { nativeContender } from '../support/native-contender.mjs'

export const { name, gives, prepare, version, run } = nativeContender(
  'discard',
  'nothing: librdkafka in C, one message a record, thrown away',
)
