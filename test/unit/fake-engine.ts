import { rowsOf } from '../../src/columns/slab-head.js'
import {
  ConsumerManager,
  type HeldMemory,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import type {
  NativeEngine,
  NativeError,
  NativeEvent,
  NativeListener,
  NativeOptions,
  NativePartitionState,
  NativeSlab,
  Phase,
} from '../../src/native.js'
import { native } from '../../src/native.js'
import { columnsOf, slabOf } from './slab.js'

export const OPTIONS: KafkaOptions = {
  config: {
    'bootstrap.servers': 'localhost:9092',
    'security.protocol': 'sasl_ssl',
    'sasl.password': 'sesame',
  },
  topics: [SourceTopic.fromEarliest('trades')],
}
export const SLAB = () => slabOf([{ value: 'a', offset: 1n, timestamp: 5n }])
export const OPENED: NativeEvent = {
  type: 'opened',
  error: null,
  columns: columnsOf(['trades']),
}
/** What ends a stream. */
export const FAILURE = {
  code: 'ERR_OFFSET_GAP',
  message: 'offsets are missing',
  topic: 'trades',
  partition: 3,
  retriable: false,
} as const

/**
 * An engine that does what a test says, and nothing else. It keeps native code's promises: events
 * come from a macrotask, and none follows a poll that was withdrawn.
 */
export class FakeEngine implements NativeEngine {
  readonly calls: string[] = []
  currentPhase: Phase = 'replay'
  mark: bigint | null = null
  held = 0
  paused = 0
  partitions: NativePartitionState[] = []
  heldMemory: HeldMemory = {
    ...{ responses: 1, queued: 20, queuedOverhead: 300, merging: 4_000, mergingOverhead: 50_000 },
    ...{
      decoding: 600_000,
      inflating: 0,
      preparedBatches: 7_000_000,
      handedOutBatches: 80_000_000,
    },
    ...{ freeBatches: 900_000_000, spareBuffers: 1_000_000_000, client: 20_000_000_000 },
  }
  tokens: { source?: string; token: string; lifetimeMs: number; principal: string }[] = []
  tokenFailures: string[] = []
  tokenError: NativeError | null = null
  isPollPending = false

  constructor(
    readonly options: NativeOptions,
    readonly listener: NativeListener<NativeEvent>,
  ) {}

  emit(event: NativeEvent): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => {
        this.listener(event)
        resolve()
      })
    })
  }

  /** Answers the pending poll. */
  answer(slab: NativeSlab | null, error: NativeError | null = null): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => {
        if (this.isPollPending) {
          this.isPollPending = false
          this.listener({ type: 'polled', slab, error })
        }
        resolve()
      })
    })
  }

  poll(timeoutMs: number): boolean {
    this.calls.push(`poll ${timeoutMs}`)
    if (this.isPollPending) return false
    this.isPollPending = true
    return true
  }

  cancelPoll(): void {
    this.calls.push('cancelPoll')
    this.isPollPending = false
  }

  release(slab: NativeSlab): void {
    this.calls.push(`release ${rowsOf(slab)}`)
    for (const buffer of slab.buffers) {
      structuredClone(buffer, { transfer: [buffer] })
    }
  }

  phase(): Phase {
    return this.currentPhase
  }

  watermark(): bigint | null {
    return this.mark
  }

  heldMessageCount(): number {
    return this.held
  }

  pausedPartitionCount(): number {
    return this.paused
  }

  memory(): HeldMemory {
    return this.heldMemory
  }

  partitionState(): NativePartitionState[] {
    return this.partitions
  }

  digest() {
    return { rows: 0, first: 0n, second: 0n }
  }

  token(): string {
    return 'tm1.'
  }

  setOAuthToken(
    source: string,
    token: string,
    lifetimeMs: number,
    principal: string,
  ): NativeError | null {
    this.tokens.push({ ...(source && { source }), token, lifetimeMs, principal })
    return this.tokenError
  }

  setOAuthTokenFailure(source: string, reason: string): void {
    this.tokenFailures.push(source ? `${source}: ${reason}` : reason)
  }

  deliver(): void {
    this.calls.push('deliver')
  }

  close(): void {
    this.calls.push('close')
  }
}

/** Puts FakeEngine in the addon's place, until the test is over. */
export function useFakeEngine() {
  const engines: FakeEngine[] = []
  beforeEach(() => {
    engines.length = 0
    jest.spyOn(native, 'Engine').mockImplementation((options, listener) => {
      const engine = new FakeEngine(options, listener)
      engines.push(engine)
      return engine
    })
  })
  afterEach(() => {
    jest.restoreAllMocks()
  })
  const newest = () => {
    const engine = engines.at(-1)
    if (!engine) throw new Error('no engine was started')
    return engine
  }
  return {
    engines,
    get engine() {
      return newest()
    },
    /** A manager that is open, with its engine. */
    async open(changes: StreamOptions & Partial<KafkaOptions> = {}) {
      const creating = ConsumerManager.create({ ...OPTIONS, ...changes })
      await newest().emit(OPENED)
      return { manager: await creating, engine: newest() }
    },
  }
}

export function partition(changes: Partial<NativePartitionState> = {}): NativePartitionState {
  return {
    source: '',
    topic: 'trades',
    partition: 0,
    replayStartOffset: 0n,
    replayEndOffset: 10n,
    consumedOffset: null,
    releasedOffset: null,
    lastMessageTimestamp: null,
    isLive: false,
    isPaused: false,
    lateRecords: 0n,
    gaps: 0n,
    ...changes,
  }
}
