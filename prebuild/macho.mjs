// MachO: what the dynamic linker of macOS reads of a bundle. 64 bits, little endian, one processor.

const MAGIC = 0xfeedfacf
const CPUS = { 16777223: 'x64', 16777228: 'arm64' }
const COMMAND = { symbols: 0x2, library: 0xc, weakLibrary: 0x80000018, buildVersion: 0x32 }
const IS_DEBUG = 0xe0
const IS_EXTERNAL = 0x01
const TYPE = 0x0e

const textAt = (bytes, offset) => bytes.toString('latin1', offset, bytes.indexOf(0, offset))

/** 11.0 for 0x000b0000. */
const versionOf = (number) => `${number >>> 16}.${(number >>> 8) & 0xff}`

function readSymbols(file, command) {
  const [offset, count, names] = [8, 12, 16].map((field) => command.readUInt32LE(field))
  return Array.from({ length: count }, (_, i) =>
    file.subarray(offset + i * 16, offset + i * 16 + 16),
  )
    .filter((symbol) => (symbol[4] & IS_DEBUG) === 0 && (symbol[4] & IS_EXTERNAL) !== 0)
    .map((symbol) => ({
      name: textAt(file, names + symbol.readUInt32LE(0)),
      isImport: (symbol[4] & TYPE) === 0,
    }))
}

export function readMachO(file) {
  if (file.readUInt32LE(0) !== MAGIC) throw new Error('not a Mach-O file of 64 bits')
  const found = { cpu: CPUS[file.readUInt32LE(4)], needed: [], exports: [], imports: [] }
  for (let at = 32, left = file.readUInt32LE(16); left > 0; left--) {
    const command = file.subarray(at, at + file.readUInt32LE(at + 4))
    const kind = command.readUInt32LE(0)
    if (kind === COMMAND.library || kind === COMMAND.weakLibrary) {
      found.needed.push(textAt(command, command.readUInt32LE(8)))
    } else if (kind === COMMAND.buildVersion) {
      found.floor = versionOf(command.readUInt32LE(12))
    } else if (kind === COMMAND.symbols) {
      for (const { name, isImport } of readSymbols(file, command)) {
        found[isImport ? 'imports' : 'exports'].push(name)
      }
    }
    at += command.length
  }
  return found
}
