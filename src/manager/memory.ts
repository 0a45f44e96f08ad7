import { type HeldMemory, native } from '../native.js'

/** The memory of the whole process, in bytes. The parts marked with + add up to `rss`. */
export interface ProcessMemory {
  /** the resident set */
  rss: number
  /** + what V8 has for the heap */
  heapTotal: number
  /** of it, in use */
  heapUsed: number
  /** V8's count of memory outside its heap, as in `process.memoryUsage()`; may include batches */
  external: number
  /** + ArrayBuffers of Node's own, small batches included */
  arrayBuffers: number
  /**
   * + the rest of what malloc has given out: to librdkafka, other managers, Node. May be negative, since
   * the two are read at different moments. Null before glibc 2.33 and on another libc: `notAccounted`
   * has it then.
   */
  mallocOther: number | null
  /** + freed memory that malloc keeps for reuse; not all of it is resident. Null likewise. */
  mallocFree: number | null
  /** + that of this manager */
  heldBytes: number
  /**
   * + `rss` minus all others: code, stacks, V8's own. Negative if memory is allocated but not yet
   * written to.
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
