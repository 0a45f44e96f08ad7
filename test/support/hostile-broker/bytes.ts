/** Writes the types of Kafka's protocol. `flexible`: the compact forms of newer versions. */
export class BytesWriter {
  readonly #parts: Buffer[] = []

  constructor(readonly flexible = false) {}

  int8(value: number): this {
    return this.raw(Buffer.of(value & 0xff))
  }

  int16(value: number): this {
    const bytes = Buffer.alloc(2)
    bytes.writeUInt16BE(value & 0xffff)
    return this.raw(bytes)
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value >>> 0)
    return this.raw(bytes)
  }

  int64(value: bigint | number): this {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)))
    return this.raw(bytes)
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  /** Without zigzag, as lengths of compact types are. */
  uvarint(value: number): this {
    const bytes: number[] = []
    let left = value >>> 0
    for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80)
    return this.raw(Buffer.of(...bytes, left))
  }

  /** With zigzag, as in records; any 64-bit value. */
  varint(value: bigint | number): this {
    const wide = BigInt(value)
    const bytes: number[] = []
    let left = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n))
    for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80)
    return this.raw(Buffer.of(...bytes, Number(left)))
  }

  string(text: string | null): this {
    const bytes = text === null ? null : Buffer.from(text)
    if (this.flexible) this.uvarint(bytes ? bytes.length + 1 : 0)
    else this.int16(bytes ? bytes.length : -1)
    return bytes ? this.raw(bytes) : this
  }

  bytes(value: Uint8Array): this {
    return this.length(value.length).raw(value)
  }

  array<Item>(items: readonly Item[], write: (item: Item) => void): this {
    this.length(items.length)
    for (const item of items) write(item)
    return this
  }

  /** Length of an array or of bytes. */
  length(count: number): this {
    return this.flexible ? this.uvarint(count + 1) : this.int32(count)
  }

  /** The end of a structure: no tagged fields. */
  tags(): this {
    return this.flexible ? this.uvarint(0) : this
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    return this
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

/** Reads them. */
export class BytesReader {
  #at = 0

  constructor(
    readonly bytes: Buffer,
    readonly flexible = false,
  ) {}

  int8(): number {
    return this.bytes.readInt8(this.#advance(1))
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#advance(2))
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#advance(4))
  }

  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.#advance(8)))
  }

  uvarint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes.readUInt8(this.#advance(1))
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }

  string(): string {
    const size = this.flexible ? this.uvarint() - 1 : this.int16()
    return size < 0 ? '' : this.raw(size).toString()
  }

  /** Null for a null array, which mostly means all. */
  array<Item>(read: () => Item): Item[] | null {
    const count = this.flexible ? this.uvarint() - 1 : this.int32()
    return count < 0 ? null : Array.from({ length: count }, read)
  }

  raw(size: number): Buffer {
    const from = this.#advance(size)
    return this.bytes.subarray(from, from + size)
  }

  tags(): void {
    if (!this.flexible) return
    for (let count = this.uvarint(); count > 0; count--) {
      this.uvarint()
      this.raw(this.uvarint())
    }
  }

  fork(flexible: boolean): BytesReader {
    return new BytesReader(this.bytes.subarray(this.#at), flexible)
  }

  #advance(size: number): number {
    const at = this.#at
    this.#at += size
    return at
  }
}
