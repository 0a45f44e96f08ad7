// Patched librdkafka: an op for each record batch, thrown away undecoded.
import { nativeContender } from '../support/native-contender.mjs'

export const { name, kind, gives, prepare, version, command } = nativeContender(
  'limit',
  'nothing: one op a record batch, not decoded, thrown away',
)
