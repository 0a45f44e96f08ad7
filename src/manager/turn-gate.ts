import { setImmediate } from 'node:timers'

/**
 * Runs `deliver` once a turn of the event loop at most, however often it is rung for. A poll that finds
 * its batch prepared rings at once, and native code goes on in the same turn for as long as that rings
 * again: timers, sockets and finalizers would wait for 1,000 batches.
 */
export class TurnGate {
  readonly #deliver: () => void
  /** In this turn of the event loop, or it is to deliver in the next one. */
  #hasDelivered = false
  #hasRungSince = false

  constructor(deliver: () => void) {
    this.#deliver = deliver
  }

  ring(): void {
    if (this.#hasDelivered) this.#hasRungSince = true
    else this.#pass()
  }

  #pass(): void {
    this.#hasDelivered = true
    setImmediate(() => this.#afterTurn())
    this.#deliver()
  }

  #afterTurn(): void {
    this.#hasDelivered = this.#hasRungSince
    this.#hasRungSince = false
    if (this.#hasDelivered) setImmediate(() => this.#pass())
  }
}
