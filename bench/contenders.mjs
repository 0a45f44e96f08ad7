import { log } from './log.mjs'

/** All of them, in the order in which they are shown. */
const ALL = [
  ...['tidemark', 'discard', 'limit', 'kafka-consumer-perf'],
  ...['node-rdkafka', 'node-rdkafka-flowing', 'confluent', 'kafkajs', 'platformatic'],
  ...['kafkarrow', 'csp'],
]
/** Those that every ratio is taken with; all the others are peers. */
export const YARDSTICKS = ['tidemark', 'discard', 'limit']

export const isTidemark = ({ name }) => name === 'tidemark'
export const isYardstick = ({ name }) => YARDSTICKS.includes(name)

/**
 * The contenders of those names that can be had, with `version`; of the others a line is told.
 *
 * @param {string[]} [names] all of them, if undefined
 */
export async function prepareContenders(names = ALL) {
  const unknown = names.find((name) => !ALL.includes(name))
  if (unknown) throw new Error(`no contender ${unknown}; there are ${ALL.join(', ')}`)
  const contenders = []
  for (const name of ALL.filter((each) => names.includes(each))) {
    const contender = await import(`./contenders/${name}.mjs`)
    try {
      await contender.prepare?.()
      contenders.push({ ...contender, version: await contender.version() })
    } catch (error) {
      if (YARDSTICKS.includes(name)) throw error
      log(`${name} is left out: ${error.message}`)
    }
  }
  return contenders
}
