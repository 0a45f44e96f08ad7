// Elf: what the dynamic linker reads of a shared library, of whatever processor: binutils know only
// those that they were built for. 64 bits, little endian.

const MACHINES = { 62: 'x64', 183: 'arm64' }
const NEEDED = 1n
const FLAGS_1 = 0x6ffffffbn
const NODELETE = 8n

/** The text that ends in a zero byte. */
const textAt = (bytes, offset) => bytes.toString('latin1', offset, bytes.indexOf(0, offset))

function readSections(file) {
  const start = Number(file.readBigUInt64LE(0x28))
  const size = file.readUInt16LE(0x3a)
  const headers = Array.from({ length: file.readUInt16LE(0x3c) }, (_, i) =>
    file.subarray(start + i * size, start + (i + 1) * size),
  )
  const bodyOf = (header) => {
    const offset = Number(header.readBigUInt64LE(0x18))
    return file.subarray(offset, offset + Number(header.readBigUInt64LE(0x20)))
  }
  const names = bodyOf(headers[file.readUInt16LE(0x3e)])
  return new Map(headers.map((one) => [textAt(names, one.readUInt32LE(0)), bodyOf(one)]))
}

/** The names of the versions that are asked of other libraries, by their number. */
function readVersions(sections, names) {
  const bytes = sections.get('.gnu.version_r')
  const versions = new Map()
  for (let need = 0, next = bytes ? 1 : 0; next > 0; need += next) {
    next = bytes.readUInt32LE(need + 12)
    let one = need + bytes.readUInt32LE(need + 8)
    for (let left = bytes.readUInt16LE(need + 2); left > 0; left--) {
      versions.set(bytes.readUInt16LE(one + 6), textAt(names, bytes.readUInt32LE(one + 8)))
      one += bytes.readUInt32LE(one + 12)
    }
  }
  return versions
}

/**
 * `imports` are the symbols that other libraries or the program must have, with the version if one
 * is asked for; `comments` say which compilers, and which linker, made it.
 */
export function readElf(file) {
  const sections = readSections(file)
  const names = sections.get('.dynstr')
  const versions = readVersions(sections, names)
  const versionOf = sections.get('.gnu.version')
  const dynamic = sections.get('.dynamic')
  const entries = Array.from({ length: dynamic.length / 16 }, (_, i) => [
    dynamic.readBigUInt64LE(i * 16),
    dynamic.readBigUInt64LE(i * 16 + 8),
  ])
  const symbols = sections.get('.dynsym')
  const all = Array.from({ length: symbols.length / 24 }, (_, i) => ({
    name: textAt(names, symbols.readUInt32LE(i * 24)),
    isLocal: symbols[i * 24 + 4] >> 4 === 0,
    isWeak: symbols[i * 24 + 4] >> 4 === 2,
    isImport: symbols.readUInt16LE(i * 24 + 6) === 0,
    version: versionOf && versions.get(versionOf.readUInt16LE(i * 2) & 0x7fff),
  })).filter(({ isLocal }) => !isLocal)
  return {
    cpu: MACHINES[file.readUInt16LE(0x12)],
    needed: entries.filter(([tag]) => tag === NEEDED).map(([, at]) => textAt(names, Number(at))),
    isNodelete: entries.some(([tag, flags]) => tag === FLAGS_1 && (flags & NODELETE) !== 0n),
    exports: all.filter(({ isImport }) => !isImport).map(({ name }) => name),
    imports: all.filter(({ isImport }) => isImport),
    comments: sections.get('.comment')?.toString('latin1').split('\0').filter(Boolean) ?? [],
  }
}
