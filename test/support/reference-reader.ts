import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { Producer } from '../../src/testing/index.js'
import type { Row } from './rows.js'

const DEADLINE_MS = 30_000
const NO_TIMESTAMP = -1n
/** The value of a record that is written behind all others, so that it is known when all is read. */
const END = `end ${randomUUID()}`

/**
 * All that stands in a log, as another client reads it: kafkajs, which knows neither librdkafka nor
 * this project. It reads logs without compression and with gzip. Which records an aborted
 * transaction wrote it does not tell: its read_committed gives some of them as data. Writes one
 * record to each partition.
 */
export async function readReference(
  config: { 'bootstrap.servers': string },
  topic: string,
  partitions: number,
): Promise<Row[]> {
  await using producer = await Producer.create({ config })
  for (let partition = 0; partition < partitions; partition++) {
    await producer.send({ topic, partition, key: END, value: END })
  }
  await producer.flush()

  const client = new Kafka({
    brokers: config['bootstrap.servers'].split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = client.consumer({ groupId: randomUUID(), readUncommitted: true })
  const rows: Row[] = []
  const left = new Set(Array(partitions).keys())
  await consumer.connect()
  try {
    await consumer.subscribe({ topic, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`kafkajs did not read all of ${topic}`)),
        DEADLINE_MS,
      )
      consumer
        .run({
          eachMessage: async ({ partition, message }) => {
            if (message.value?.toString() === END) left.delete(partition)
            else if (left.has(partition)) rows.push(rowOf(topic, partition, message))
            if (left.size > 0) return
            clearTimeout(timer)
            resolve()
          },
        })
        .catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
  return rows
}

interface Message {
  offset: string
  timestamp: string
  key: Buffer | null
  value: Buffer | null
}

function rowOf(topic: string, partition: number, message: Message): Row {
  const timestamp = BigInt(message.timestamp)
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestamp: timestamp === NO_TIMESTAMP ? null : timestamp,
    key: message.key,
    value: message.value,
  }
}
