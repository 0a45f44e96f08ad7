import { BytesWriter } from './bytes.js'
import { CONTROL, type HostileBatch, TRANSACTIONAL } from './record-batch.js'

/** The control batch that ends a transaction of `producerId`. */
export function transactionMarker(type: 'commit' | 'abort', producerId: number): HostileBatch {
  return {
    attributes: CONTROL | TRANSACTIONAL,
    producerId,
    records: [
      {
        key: new BytesWriter()
          .int16(0)
          .int16(type === 'commit' ? 1 : 0)
          .finish(),
        value: new BytesWriter().int16(0).int32(0).finish(),
      },
    ],
  }
}
