import { invalidOption } from './check.js'

/** The value of a property under any of its names; undefined: it is not given, or blank. */
export function givenValue(
  config: Readonly<Record<string, string>>,
  names: readonly string[],
): string | undefined {
  return names.map((name) => config[name]?.trim()).find((value) => value)
}

/**
 * librdkafka takes the name that it is told last, so that the other value would be lost in silence.
 *
 * @param aliases from another name of a property to the one that librdkafka files it under
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function checkAliases(
  config: Readonly<Record<string, string>>,
  aliases: ReadonlyMap<string, string>,
): void {
  const given = new Map<string, string>()
  for (const [name, value] of Object.entries(config)) {
    const property = aliases.get(name) ?? name
    const other = given.get(property)
    if (other !== undefined && config[other] !== value) {
      throw invalidOption(
        `config: '${other}' and '${name}' are two names of one property, and their values differ; ` +
          'leave one of them out',
      )
    }
    given.set(property, name)
  }
}
