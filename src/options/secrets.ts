import { isSecretProperty, MASK } from './properties.js'

/** Shorter ones stand in ordinary text by chance. */
const SHORTEST = 4
/** A line of a key that is cut off in the middle is to be found, too. */
const SHORTEST_LINE = 16
/** Of each source: tokens are renewed for as long as the manager lives. */
const MOST_TOKENS = 8

/**
 * Takes secrets out of what librdkafka and brokers say. librdkafka names none that is known, at any
 * level of `debug`; a broker's answer or an exception of a token provider is anybody's.
 */
export class Secrets {
  readonly #ofConfig: string[]
  /** By the name of the source: one that renews often must not push out another's that is in use. */
  readonly #tokens = new Map<string, string[]>()

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

  addToken(source: string, token: string): void {
    if (token.length < SHORTEST) return
    const others = (this.#tokens.get(source) ?? []).filter((other) => other !== token)
    this.#tokens.set(source, [...others, token].slice(-MOST_TOKENS))
  }

  mask(text: string): string {
    let masked = text
    for (const secret of this.#ofConfig) masked = masked.replaceAll(secret, MASK)
    for (const token of [...this.#tokens.values()].flat()) masked = masked.replaceAll(token, MASK)
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
