import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Certificates for a test, by openssl: an authority, and a broker's for 127.0.0.1 that it signed. */
export class Certificates implements AsyncDisposable {
  private constructor(private readonly folder: string) {}

  static async create(): Promise<Certificates> {
    const certificates = new Certificates(await mkdtemp(join(tmpdir(), 'tidemark-tls-')))
    for (const name of ['authority', 'other-authority']) {
      await certificates.#make(name, ['-addext', 'basicConstraints=critical,CA:TRUE'])
    }
    await certificates.#make('broker', [
      ...['-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-CA', certificates.#file('authority.pem')],
      ...['-CAkey', certificates.#file('authority.key')],
    ])
    // Kafka reads a key and what vouches for it from one file.
    const chain = await Promise.all(
      ['broker.pem', 'authority.pem'].map((name) => readFile(certificates.#file(name), 'utf8')),
    )
    await appendFile(certificates.#file('broker.key'), chain.join(''))
    return certificates
  }

  /** A file with the broker's key and its certificates, for `ssl.keystore.location`. */
  get keystore(): string {
    return this.#file('broker.key')
  }

  /** The file for a client's `ssl.ca.location`. */
  get authority(): string {
    return this.#file('authority.pem')
  }

  /** One that did not sign the broker's. */
  get otherAuthority(): string {
    return this.#file('other-authority.pem')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  #file(name: string): string {
    return join(this.folder, name)
  }

  async #make(name: string, further: string[]): Promise<void> {
    await run('openssl', [
      ...['req', '-x509', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-keyout', this.#file(`${name}.key`), '-out', this.#file(`${name}.pem`)],
      ...further,
    ])
  }
}
