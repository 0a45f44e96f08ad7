// kafkarrow, kafkars until its 0.1: Arrow through Python, from the library whose promises tidemark keeps.
import { pythonContender } from '../support/python-contender.mjs'

export const { name, kind, gives, prepare, version, command } = pythonContender(
  'kafkarrow',
  '0.1.1',
  'records in timestamp order where it succeeds, as Arrow',
)
