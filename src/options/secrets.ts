import { isSecretProperty, MASK } from './properties.js'

/** Shorter ones stand in ordinary text by chance. */
const SHORTEST = 4
/** A line of a key that is cut off in the middle is to be found, too. */
const SHORTEST_LINE = 16
/** Tokens are renewed for as long as the manager lives. */
const MOST_TOKENS = 8

/**
 * Takes secrets out of what librdkafka and brokers say. librdkafka names none that is known, at any
 * level of `debug`; a broker's answer or an exception of a token provider is anybody's.
 */
export class Secrets {
  readonly #ofConfig: string[]
  readonly #tokens: string[] = []

  /** @param configs of all sources */
  constructor(...configs: readonly Readonly<Record<string, string>>[]) {
    this.#ofConfig = configs
      .flatMap((config) => Object.entries(config))
      .filter(([name]) => isSecretProperty(name))
      .flatMap(([, value]) => [value, ...keyLines(value)])
      .filter((value) => value.length >= SHORTEST)
      // A secret that contains another goes first.
      .sort((a, b) => b.length - a.length)
  }

  addToken(token: string): void {
    if (token.length < SHORTEST || this.#tokens.includes(token)) return
    this.#tokens.push(token)
    if (this.#tokens.length > MOST_TOKENS) this.#tokens.shift()
  }

  mask(text: string): string {
    let masked = text
    for (const secret of this.#ofConfig) masked = masked.replaceAll(secret, MASK)
    for (const token of this.#tokens) masked = masked.replaceAll(token, MASK)
    return masked
  }

  /** The same with its message masked. */
  maskMessage<Said extends { message: string }>(said: Said): Said {
    return { ...said, message: this.mask(said.message) }
  }
}

function keyLines(value: string): string[] {
  const lines = value.split(/\r?\n/)
  if (lines.length === 1) return []
  return lines.filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
}
