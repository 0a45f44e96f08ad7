import { native } from '../native.js'

/** The parts of what one manager holds, in bytes. They exclude each other. */
export interface HeldMemory {
  /**
   * responses of brokers, each with its whole size from when it begins to arrive until all of it was
   * read
   */
  responses: number
  /** record batches that were read and decompressed, and wait for the merge */
  queued: number
  /** what holds each of those */
  queuedOverhead: number
  /** record batches that the merge has taken, until their last record is released */
  merging: number
  /** what holds each of those */
  mergingOverhead: number
  /** the partitions, each with a few records that are decoded ahead */
  decoding: number
  /** batches that are being filled, or wait for a `poll` */
  preparedBatches: number
  /** batches that you have, neither released nor collected, except those below 16 KiB */
  handedOutBatches: number
  /** memory of released batches, for the next ones */
  freeBatches: number
  /** the same for what is read from log segments */
  spareBuffers: number
  /** handles, brokers and partitions of librdkafka, about; not what these point to */
  client: number
}

/** The memory of the whole process, in bytes. The parts marked with + add up to `rss`. */
export interface ProcessMemory {
  /** the resident set */
  rss: number
  /** + what V8 has for the heap */
  heapTotal: number
  /** of it, in use */
  heapUsed: number
  /** as V8 counts it */
  external: number
  /** + ArrayBuffers of Node's own, small batches included */
  arrayBuffers: number
  /**
   * + what else is in use of malloc's memory: by librdkafka, other managers, Node. Null where malloc
   * does not tell: another libc than glibc 2.33 or newer. `notAccounted` has it then.
   */
  mallocOther: number | null
  /** + what malloc keeps beyond what is in use; null as before */
  mallocFree: number | null
  /** + this manager's `heldBytes` */
  heldBytes: number
  /**
   * + the rest: code, stacks, V8's own. Memory that was taken and never written to is not resident: it
   * is subtracted here, so that this may be negative
   */
  notAccounted: number
}

/** Where the memory of a manager and its process is, in bytes. */
export interface MemoryAccount {
  /** what the manager holds: the sum of `held` */
  heldBytes: number
  held: HeldMemory
  process: ProcessMemory
}

/** The account with what the process says at this moment. */
export function accountOf(held: HeldMemory): MemoryAccount {
  const heldBytes = Object.values(held).reduce((sum, bytes) => sum + bytes, 0)
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage()
  const malloc = native.mallocMemory()
  const mallocOther = malloc ? malloc.inUse - heldBytes - arrayBuffers : null
  const mallocFree = malloc?.free ?? null
  const known = heapTotal + arrayBuffers + (mallocOther ?? 0) + (mallocFree ?? 0) + heldBytes
  return {
    heldBytes,
    held,
    process: {
      ...{ rss, heapTotal, heapUsed, external, arrayBuffers },
      ...{ mallocOther, mallocFree, heldBytes, notAccounted: rss - known },
    },
  }
}
