// kafkars: Arrow through Python, from the library whose promises tidemark keeps.
import { pythonContender } from '../support/python-contender.mjs'

export const { name, kind, gives, prepare, version, command } = pythonContender(
  'kafkars',
  '0.0.8',
  'records in timestamp order where it succeeds, as Arrow',
)
