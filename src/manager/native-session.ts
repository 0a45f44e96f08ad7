import { Deferred } from '../deferred.js'
import { TidemarkError } from '../errors.js'
import {
  type HeldMemory,
  type NativeColumn,
  type NativeEngine,
  type NativeError,
  type NativeEvent,
  type NativeSlab,
  native,
} from '../native.js'
import type { ClientEvent } from '../options/callbacks.js'
import type { CheckedOptions } from '../options/options.js'
import { Secrets } from '../options/secrets.js'
import { eventOfClient, eventOfStall, isStall } from './client-events.js'
import { logTo } from './logger.js'
import { renewOAuthToken, type ThrownByProvider } from './oauth-token.js'
import { PendingPoll, type PollOutcome } from './pending-poll.js'
import { lastStateOf, type StreamState } from './stream-state.js'
import { TurnGate } from './turn-gate.js'

type Opened = Omit<Extract<NativeEvent, { type: 'opened' }>, 'type'>

const CLOSED: NativeError = {
  code: 'ERR_CLOSED',
  message: 'the manager is closed',
  retriable: false,
}

const BUSY: NativeError = {
  code: 'ERR_BUSY',
  message: 'a poll is pending already: await it before the next one',
  retriable: true,
}

/**
 * One native stream from its start to its close: polls become promises, native events go to the
 * listeners in the options, and no secret gets into a message.
 */
export class NativeSession {
  readonly #options: CheckedOptions
  /** Its listener reaches back to this session: the two are collected together. */
  readonly #engine: NativeEngine
  readonly #secrets: Secrets
  readonly #gate = new TurnGate(() => this.#engine.deliver())
  /** By source: what the option `oauthToken` threw when it was called last, where it did. */
  readonly #tokenThrown = new Map<string, ThrownByProvider>()
  readonly #opened = new Deferred<Opened>()
  readonly #closed = new Deferred<void>()
  #state: StreamState
  #pendingPoll: PendingPoll | null = null
  #isClosing = false

  constructor(options: CheckedOptions) {
    this.#options = options
    this.#secrets = new Secrets(...options.native.sources.map(({ config }) => config))
    this.#engine = new native.Engine(options.native, (event) => this.#onEvent(event))
    this.#state = this.#engine
  }

  /** As of the last poll or, after `close`, what it was in the end. */
  get state(): StreamState {
    return this.#state
  }

  /** At this moment. Also after `close`: the caller may still have batches. */
  heldMemory(): HeldMemory {
    return this.#engine.memory()
  }

  get isClosed(): boolean {
    return this.#isClosing
  }

  /** The columns of each slab, when fetching has begun. @throws TidemarkError why it could not */
  async opened(): Promise<NativeColumn[]> {
    const { error, columns } = await this.#opened.promise
    if (error) throw this.#errorOf(error)
    return columns
  }

  /**
   * The next rows, null for none.
   *
   * @throws TidemarkError `ERR_BUSY`, `ERR_CLOSED`, or why the stream ended; `signal.reason`
   */
  async poll(timeoutMs: number, signal: AbortSignal | undefined): Promise<NativeSlab | null> {
    if (this.#isClosing) throw TidemarkError.from(CLOSED)
    signal?.throwIfAborted()
    if (this.#pendingPoll || !this.#engine.poll(timeoutMs)) throw TidemarkError.from(BUSY)

    this.#pendingPoll = new PendingPoll(signal, () => {
      this.#engine.cancelPoll()
      this.#settlePoll({ type: 'aborted', reason: signal?.reason })
    })
    const outcome = await this.#pendingPoll.outcome
    if (outcome.type === 'aborted') throw outcome.reason
    // Made after the await, so that its stack is the caller's.
    if (outcome.type === 'failed') throw this.#errorOf(outcome.error)
    return outcome.slab
  }

  release(slab: NativeSlab): void {
    this.#engine.release(slab)
  }

  /** Never rejects; a pending poll rejects with `ERR_CLOSED`. Every call returns the same promise. */
  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true
      if (this.#pendingPoll) {
        // Withdrawn, so that no answer moves the state on after it was read for the last time.
        this.#engine.cancelPoll()
        this.#settlePoll({ type: 'failed', error: CLOSED })
      }
      this.#state = lastStateOf(this.#engine)
      this.#engine.close()
    }
    return this.#closed.promise
  }

  #onEvent(event: NativeEvent): void {
    switch (event.type) {
      case 'rung':
        this.#gate.ring()
        break
      case 'opened':
        this.#opened.resolve({
          error: event.error && this.#secrets.maskMessage(event.error),
          columns: event.columns,
        })
        break
      case 'polled':
        this.#onPolled(event)
        break
      case 'closed':
        this.#closed.resolve()
        break
      case 'token':
        void this.#renewOAuthToken(event.source ?? '')
        break
      case 'log':
        if (this.#options.logger) logTo(this.#options.logger, this.#secrets.maskMessage(event))
        break
      case 'clientEvent':
        this.#tell(eventOfClient(event.clientEvent))
        break
    }
  }

  #onPolled({ slab, error }: Extract<NativeEvent, { type: 'polled' }>): void {
    if (!error) {
      this.#settlePoll({ type: 'answered', slab })
      return
    }
    const masked = this.#secrets.maskMessage(error)
    if (isStall(masked)) this.#tell(eventOfStall(masked))
    this.#settlePoll({ type: 'failed', error: masked })
  }

  async #renewOAuthToken(source: string): Promise<void> {
    const provider = this.#options.oauthTokens.get(source)
    if (!provider) return
    const { event, thrown } = await renewOAuthToken(source, provider, this.#engine, this.#secrets)
    if (thrown) this.#tokenThrown.set(source, thrown)
    else this.#tokenThrown.delete(source)
    if (!this.#isClosing) this.#tell(event)
  }

  /** What `oauthToken` threw goes with the errors that it leads to: their messages do not quote it. */
  #errorOf(error: NativeError): TidemarkError {
    const thrown = this.#tokenThrown.get(error.source ?? '')
    const isWhy =
      thrown && (error.code === 'ERR_AUTHENTICATION' || error.message.includes(thrown.message))
    return TidemarkError.from(error, isWhy ? { cause: thrown.cause } : {})
  }

  #tell(event: ClientEvent): void {
    const { onEvent } = this.#options
    if (!onEvent) return
    const told = 'message' in event ? this.#secrets.maskMessage(event) : event
    // In a microtask: an exception must not come up within native code, which has more to deliver.
    queueMicrotask(() => onEvent(told))
  }

  #settlePoll(outcome: PollOutcome): void {
    const pending = this.#pendingPoll
    // Before its promise settles: who hears of it may poll again at once.
    this.#pendingPoll = null
    pending?.settle(outcome)
  }
}
