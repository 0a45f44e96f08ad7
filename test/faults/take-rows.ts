import type { ConsumerManager } from '../../src/index.js'

/** The values of the next rows, as text: at least `count`, or all up to the end of the replay. */
export async function takeRows(manager: ConsumerManager, count: number): Promise<string[]> {
  const values: string[] = []
  while (values.length < count && !manager.isLive()) {
    const batch = await manager.poll(60_000)
    const column = batch.getChild('value')
    for (let i = 0; i < batch.numRows; i++) values.push(new TextDecoder().decode(column?.get(i)))
  }
  return values
}
