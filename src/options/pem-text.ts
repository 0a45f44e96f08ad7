import { invalidOption } from './check.js'

/** Properties that hold a certificate or a key, and those that name a file that does. */
const TEXT = /\.pem$/
const FILE = /\.(location|file)$/
/** What there is as a file and as text. */
const BOTH = /^ssl\.(ca|certificate|key)\./

const BEGIN = '-----BEGIN '
/** Between BEGIN and END, and right after END: a text that explains the key may hold what it likes. */
const LITERAL_LINE_END =
  /-----BEGIN (?:(?!-----END )[\s\S])*?\\n|-----END [^-\r\n]*-----(?:\\r)?\\n/

/**
 * Refuses what OpenSSL would say no more of than that it "failed", and a key where a file's name
 * belongs: librdkafka's error would quote it. Quotes nothing.
 *
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function checkPemText(name: string, value: string): void {
  const mistake = TEXT.test(name)
    ? mistakeInText(name, value)
    : FILE.test(name) && value.includes(BEGIN)
      ? `must name a file, and holds PEM text; ${
          BOTH.test(name) ? `give that as '${name.replace(FILE, '.pem')}'` : 'write that to a file'
        }`
      : undefined
  if (mistake) throw invalidOption(`config: '${name}' ${mistake}`)
}

function mistakeInText(name: string, value: string): string | undefined {
  if (value.trim() === '') return undefined
  if (LITERAL_LINE_END.test(value)) {
    return (
      "has a backslash and an 'n' where its lines end, as environment variables often do; give " +
      "value.replaceAll('\\\\n', '\\n')"
    )
  }
  if (!value.split(/\r?\n/).some((line) => line.startsWith(BEGIN))) {
    const file = BOTH.test(name) ? `; a file is for '${name.replace(TEXT, '.location')}'` : ''
    return `must be PEM text, with a line that begins with '${BEGIN.trim()}'${file}`
  }
  if (!/^-----BEGIN [^-\r\n]+-----[ \t]*$/m.test(value.replaceAll('\r', ''))) {
    return 'must be PEM text with its line ends: it has lost them'
  }
  return undefined
}
