import { type HeldMemory, native } from '../native.js'

export type { HeldMemory } from '../native.js'

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
