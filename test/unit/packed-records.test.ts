import { TidemarkError } from '../../src/errors.js'
import { PackedRecords, type ProducerRecord } from '../../src/testing/packed-records.js'

function pack(...records: ProducerRecord[]): Buffer {
  const packed = new PackedRecords((topic) => topic.length)
  for (const record of records) packed.add(record)
  expect(packed.count).toBe(records.length)
  expect(packed.byteLength).toBe(packed.bytes.length)
  return Buffer.from(packed.bytes)
}

/** As packed_record.h reads it. */
function unpack(bytes: Buffer) {
  let position = 0
  const skip = (size: number) => {
    position += size
    return position - size
  }
  const int32 = () => bytes.readInt32LE(skip(4))
  const take = (size: number) =>
    size < 0 ? null : bytes.subarray(skip(size), position).toString('utf8')
  const records = []
  while (position < bytes.length) {
    const topic = int32()
    const partition = int32()
    const timestamp = bytes.readBigInt64LE(skip(8))
    const [keySize, valueSize, headerCount] = [int32(), int32(), int32()]
    const [key, value] = [take(keySize), take(valueSize)]
    const headers = Array.from({ length: headerCount }, () => {
      const [nameSize, size] = [int32(), int32()]
      return [take(nameSize), take(size)]
    })
    records.push({ topic, partition, timestamp, key, value, headers })
  }
  return records
}

test('packed records have every field', () => {
  const record: ProducerRecord = {
    topic: 'four',
    partition: 7,
    timestamp: 1_700_000_000_123,
    key: 'ключ',
    value: new TextEncoder().encode('value'),
    headers: [
      ['a', 'b'],
      ['a', new Uint8Array(0)],
      ['ü', null],
    ],
  }
  expect(unpack(pack(record, { topic: 'x' }))).toEqual([
    {
      topic: 4,
      partition: 7,
      timestamp: 1_700_000_000_123n,
      key: 'ключ',
      value: 'value',
      headers: [
        ['a', 'b'],
        ['a', ''],
        ['ü', null],
      ],
    },
    { topic: 1, partition: -1, timestamp: 0n, key: null, value: null, headers: [] },
  ])
})

test('headers of packed records may be an object', () => {
  const [record] = unpack(pack({ topic: 't', headers: { a: '1', b: null } }))
  expect(record?.headers).toEqual([
    ['a', '1'],
    ['b', null],
  ])
})

test('packed records tell null from empty', () => {
  const records = unpack(
    pack({ topic: 't', key: '', value: new Uint8Array(0) }, { topic: 't', key: null, value: null }),
  )
  expect(records.map(({ key, value }) => [key, value])).toEqual([
    ['', ''],
    [null, null],
  ])
})

test.each([
  [1, 1n],
  [-1, -1n],
  [-5, -5n],
  [2 ** 32, 1n << 32n],
  [-(2 ** 32) - 1, -(1n << 32n) - 1n],
  [Number.MAX_SAFE_INTEGER, (1n << 53n) - 1n],
  [Number.MIN_SAFE_INTEGER, 1n - (1n << 53n)],
  [(1n << 63n) - 1n, (1n << 63n) - 1n],
  [-(1n << 63n), -(1n << 63n)],
  [new Date(1_234), 1_234n],
  [null, -1n],
  [undefined, 0n],
])('packed records have the timestamp %p', (timestamp, packed) => {
  expect(unpack(pack({ topic: 't', timestamp }))[0]?.timestamp).toBe(packed)
})

test('packed records grow, and start anew after clear', () => {
  const packed = new PackedRecords(() => 0)
  const value = 'x'.repeat(1_000_000)
  for (let i = 0; i < 5; i++) packed.add({ topic: 't', key: String(i), value })
  const records = unpack(Buffer.from(packed.bytes))
  expect(records.map(({ key }) => key)).toEqual(['0', '1', '2', '3', '4'])
  expect(records.every((record) => record.value === value)).toBe(true)
  packed.clear()
  packed.add({ topic: 't', key: 'again' })
  expect(unpack(Buffer.from(packed.bytes)).map(({ key }) => key)).toEqual(['again'])
})

test.each<[unknown, string]>([
  [null, 'a record must be an object, { topic, … }, not null'],
  [{ topic: 't', partition: -1 }, 'partition must be an integer, 0 or more, not -1'],
  [{ topic: 't', partition: 1.5 }, 'partition must be an integer, 0 or more, not 1.5'],
  [{ topic: 't', partition: null }, 'partition must be an integer, 0 or more, not null'],
  [{ topic: 't', timestamp: 0 }, 'timestamp 0 cannot be sent'],
  [{ topic: 't', timestamp: 0n }, 'timestamp 0 cannot be sent'],
  [{ topic: 't', timestamp: new Date(0) }, 'timestamp 0 cannot be sent'],
  [{ topic: 't', timestamp: 1.5 }, 'not 1.5'],
  [{ topic: 't', timestamp: Number.NaN }, 'not NaN'],
  [{ topic: 't', timestamp: 1n << 63n }, 'not 9223372036854775808n'],
  [{ topic: 't', timestamp: '2020-01-01' }, 'not "2020-01-01"'],
  [{ topic: 't', key: 5 }, 'key must be a string, a Uint8Array or null, not 5'],
  [{ topic: 't', value: {} }, 'value must be a string, a Uint8Array or null, not an object'],
  [{ topic: 't', valeu: 'x' }, "a record has no property 'valeu'; did you mean 'value'?"],
  [{ topic: 't', value: 'x', offset: 5 }, "a record has no property 'offset'; it takes { topic, "],
  [{ topic: 't', headers: 'a' }, 'headers must be an object or a list of pairs, not "a"'],
  [{ topic: 't', headers: ['a'] }, 'each of the headers must be a pair [name, value], not "a"'],
  [{ topic: 't', headers: { a: 1 } }, "header 'a' must be a string, a Uint8Array or null, not 1"],
])('packed records refuse %p', (record, message) => {
  const packed = new PackedRecords(() => 0)
  packed.add({ topic: 't', value: 'first' })
  const before = Buffer.from(packed.bytes)
  let error: unknown
  try {
    packed.add(record as ProducerRecord)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(TidemarkError)
  expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
  expect((error as Error).message).toContain(message)
  expect(Buffer.from(packed.bytes)).toEqual(before)
})
