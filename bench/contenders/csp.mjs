// csp: one subscription to the topic, in bursts.
import { pythonContender } from '../support/python-contender.mjs'

export const { name, kind, gives, prepare, version, command } = pythonContender(
  'csp',
  '0.19.1',
  'Python objects, unordered, in bursts',
)
