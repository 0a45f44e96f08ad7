import { randomBytes } from 'node:crypto'
import { HostileLog } from './log.js'

export class HostileTopic {
  /** Another one when a topic is deleted and created again. */
  readonly id = randomBytes(16)
  readonly partitions: HostileLog[]
  cleanupPolicy = 'delete'

  constructor(
    readonly name: string,
    partitions: number,
    private readonly changed: () => void,
  ) {
    this.partitions = Array.from({ length: partitions }, () => new HostileLog(changed))
  }

  partition(index: number): HostileLog {
    const log = this.partitions[index]
    if (!log) throw new RangeError(`topic '${this.name}' has no partition ${index}`)
    return log
  }

  addPartition(): HostileLog {
    const log = new HostileLog(this.changed)
    this.partitions.push(log)
    return log
  }
}
