import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Of the client's key. */
export const KEY_PASSWORD = 'sesame-of-the-key'

/**
 * Certificates for a test, by openssl: an authority, and what it signed: a broker's for 127.0.0.1 and
 * a client's. Another authority signed a client's, too.
 */
export class Certificates implements AsyncDisposable {
  private constructor(private readonly folder: string) {}

  static async create(): Promise<Certificates> {
    const certificates = new Certificates(await mkdtemp(join(tmpdir(), 'tidemark-tls-')))
    for (const name of ['authority', 'other-authority']) {
      await certificates.#make(name, ['-addext', 'basicConstraints=critical,CA:TRUE'])
    }
    const address = ['-addext', 'subjectAltName=IP:127.0.0.1']
    await Promise.all([
      certificates.#make('broker', [...address, ...certificates.#signedBy('authority')]),
      certificates.#make('client', certificates.#signedBy('authority'), KEY_PASSWORD),
      certificates.#make('stranger', certificates.#signedBy('other-authority'), KEY_PASSWORD),
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

  /** A client's properties: of the one that the authority signed, or of the other authority's. */
  client(name: 'client' | 'stranger' = 'client') {
    return {
      'ssl.certificate.location': this.#file(`${name}.pem`),
      'ssl.key.location': this.#file(`${name}.key`),
      'ssl.key.password': KEY_PASSWORD,
    }
  }

  /** The client's properties with a key store: as Java makes them, or as it did before 8u301, in RC2. */
  async clientByKeyStore(kind: 'modern' | 'legacy') {
    const store = this.#file(`${kind}.p12`)
    await run('openssl', [
      ...['pkcs12', '-export', '-inkey', this.#file('client.key'), '-in', this.#file('client.pem')],
      ...['-passin', `pass:${KEY_PASSWORD}`, '-passout', `pass:${KEY_PASSWORD}`, '-out', store],
      ...(kind === 'legacy' ? ['-legacy'] : []),
    ])
    return { 'ssl.keystore.location': store, 'ssl.keystore.password': KEY_PASSWORD }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  #file(name: string): string {
    return join(this.folder, name)
  }

  #signedBy(authority: string): string[] {
    return ['-CA', this.#file(`${authority}.pem`), '-CAkey', this.#file(`${authority}.key`)]
  }

  async #make(name: string, further: string[], password?: string): Promise<void> {
    await run('openssl', [
      ...['req', '-x509', '-days', '2', '-subj', `/CN=${name}`],
      ...(password ? ['-passout', `pass:${password}`] : ['-nodes']),
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-keyout', this.#file(`${name}.key`), '-out', this.#file(`${name}.pem`)],
      ...further,
    ])
  }
}
