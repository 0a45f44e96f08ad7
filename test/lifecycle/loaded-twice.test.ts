import { CLEAN, run } from '../support/run-program.js'

const REQUIRED = `
  const { createRequire } = await import('node:module')
  const require = createRequire(process.cwd() + '/package.json')
`

test('import and require work side by side', async () => {
  const outcome = await run(`${REQUIRED}
    const { cluster, config } = await startFilled({ records: 1_000 })
    const required = require('tidemark')
    const topics = [SourceTopic.fromEarliest('t')]
    const managers = await Promise.all([
      open(config),
      required.ConsumerManager.create({ config, topics }),
      ConsumerManager.create({ config, topics: [required.SourceTopic.fromEarliest('t')] }),
    ])
    report(await Promise.all(managers.map((manager) => replay(manager))))
    await Promise.all(managers.map((manager) => manager.close()))
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: [1_000, 1_000, 1_000] })
})

test('the classes have their names in both builds, and both entries of one share them', async () => {
  const outcome = await run(`${REQUIRED}
    const builds = [
      [await import('tidemark'), await import('tidemark/testing')],
      [require('tidemark'), require('tidemark/testing')],
    ]
    report(builds.map(([tidemark, testing]) => {
      const classes = Object.entries({ ...tidemark, ...testing })
      let error
      try { testing.MockCluster.start({ brokers: 0 }) } catch (thrown) { error = thrown }
      return {
        classes: classes.length,
        misnamed: classes.filter(([name, { name: own }]) => own !== name).map(([name]) => name),
        isShared: error instanceof tidemark.TidemarkError,
      }
    }))
  `)
  const build = { classes: 7, misnamed: [], isShared: true }
  expect(outcome).toEqual({ ...CLEAN, result: [build, build] })
})

test('the module can be loaded anew in the same process', async () => {
  const outcome = await run(`${REQUIRED}
    const { cluster, config } = await startFilled({ records: 1_000 })
    const load = () => {
      for (const file of Object.keys(require.cache)) {
        if (!file.includes('apache-arrow')) delete require.cache[file]
      }
      return require('tidemark')
    }
    const rows = []
    for (let i = 0; i < 5; i++) {
      const { ConsumerManager, SourceTopic } = load()
      const topics = [SourceTopic.fromEarliest('t')]
      const manager = await ConsumerManager.create({ config, topics })
      rows.push(await replay(manager))
      if (i % 2 === 0) await manager.close()
    }
    report(rows)
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: Array(5).fill(1_000) })
})
