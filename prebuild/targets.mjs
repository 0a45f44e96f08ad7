// Targets: the platforms that get a binary. Each is a platform package: @tidemark/<target>.

/**
 * `zig` is the target as zig names it: with the oldest glibc, or the oldest macOS, that will do.
 * `openssl` is the platform as OpenSSL's Configure names it.
 */
export const TARGETS = {
  'linux-x64-gnu': linux('x64', 'x86_64', 'gnu.2.17'),
  'linux-arm64-gnu': linux('arm64', 'aarch64', 'gnu.2.17'),
  'linux-x64-musl': linux('x64', 'x86_64', 'musl'),
  'linux-arm64-musl': linux('arm64', 'aarch64', 'musl'),
  'darwin-arm64': darwin('arm64', 'aarch64', 'darwin64-arm64-cc'),
  'darwin-x64': darwin('x64', 'x86_64', 'darwin64-x86_64-cc'),
}

function linux(cpu, machine, abi) {
  const [libc, floor] = abi.split(/\.(.*)/)
  return {
    os: 'linux',
    cpu,
    libc: libc === 'gnu' ? 'glibc' : 'musl',
    floor,
    zig: `${machine}-linux-${abi}`,
    openssl: `linux-${machine}`,
  }
}

function darwin(cpu, machine, openssl) {
  // 11.0: what Node 20 asks for, and the first with open_memstream and arm64.
  const floor = '11.0'
  return { os: 'darwin', cpu, floor, zig: `${machine}-macos.${floor}`, openssl }
}

/** The target of the machine that builds. */
export function hostTarget() {
  const { platform, arch } = process
  if (platform !== 'linux') return `${platform}-${arch}`
  const isGlibc = Boolean(process.report.getReport().header.glibcVersionRuntime)
  return `linux-${arch}-${isGlibc ? 'gnu' : 'musl'}`
}
