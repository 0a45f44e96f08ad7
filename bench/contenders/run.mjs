// One run of one contender in JavaScript, in a process of its own:
// node bench/contenders/run.mjs <name> '<json>' prints one JSON line. Errors go to standard error,
// and the exit code tells.
const [contender, json] = process.argv.slice(2)
const { run } = await import(`./${contender}.mjs`)
const settings = { records: Number.POSITIVE_INFINITY, check: false, batchSize: 50_000 }
const figures = await run({ ...settings, ...JSON.parse(json) })
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
