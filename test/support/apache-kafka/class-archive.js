import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'

/**
 * The JVM's archive of Kafka's classes, with which a broker starts in a third of the CPU time. The
 * first broker that ends in good order leaves it for all later ones.
 */
export class ClassArchive {
  #file

  /** @param {string} file */
  constructor(file) {
    this.#file = file
  }

  get exists() {
    return existsSync(this.#file)
  }

  /** Options for a JVM that uses it. @returns {string[]} */
  get use() {
    return this.exists ? [`-XX:SharedArchiveFile=${this.#file}`] : []
  }

  /** Options for a JVM that is to make it. @param {string} key of this JVM @returns {string[]} */
  make(key) {
    return [`-XX:ArchiveClassesAtExit=${this.#file}.${key}`, '-Xlog:cds=error']
  }

  /** To be called when the JVM that makes it has ended. @param {string} key */
  async keep(key) {
    const made = `${this.#file}.${key}`
    if (existsSync(made)) await rename(made, this.#file)
  }
}
