import yargs from 'yargs'
import { CLASSES } from './classes'
import { newQueue } from './queue'
import { refusedRun } from './refused'
import { SABOTAGES } from './sabotage'
import { type Outcome, sync } from './sync'
import { HEAD, lineOfRow, rowOf } from './table'
import type { FaultClass } from './trouble'

interface Options {
  readonly seeds: ReadonlyArray<number>
  readonly classes: ReadonlyArray<FaultClass>
  readonly sabotage: string | undefined
  readonly refused: number | undefined
}

/** Most syncs at a time: they wait more than they work. */
const AT_A_TIME = 4

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const optionsFrom = async (argv: ReadonlyArray<string>): Promise<Options> => {
  const { seeds, seed, sabotage, only, refused } = await yargs([...argv])
    .scriptName('faults')
    .strict()
    .option('seeds', { type: 'number', default: 10, describe: 'syncs of each class, by the seeds from 1 on' })
    .option('seed', { type: 'number', describe: 'this seed alone: what failed, once more' })
    .option('only', { choices: CLASSES.map(({ name }) => name), describe: 'one class of faults alone' })
    .option('sabotage', {
      choices: SABOTAGES.map(({ name }) => name),
      describe: 'breaks the connector on purpose: the suite must notice',
    })
    .option('refused', {
      type: 'number',
      describe: 'instead of the classes one sync of so many records, one in a hundred of which the platform refuses',
    })
    .check((given) => {
      const counts = [given.seeds, given.seed, given.refused].filter((count) => count !== undefined)
      if (!counts.every((count) => Number.isSafeInteger(count) && count > 0))
        throw new Error('--seeds, --seed and --refused are whole numbers above 0')
      return true
    })
    .parseAsync()
  const names = SABOTAGES.find(({ name }) => name === sabotage)?.classes
  return {
    seeds: seed === undefined ? Array.from({ length: seeds }, (_, i) => i + 1) : [seed],
    classes: CLASSES.filter(({ name }) => (only === undefined ? names?.includes(name) !== false : only === name)),
    sabotage,
    refused,
  }
}

/** All that is wrong with the syncs of a class, each with the command that does it again. */
const complaintsOf = (
  name: string,
  seeds: ReadonlyArray<number>,
  outcomes: ReadonlyArray<Outcome>,
): ReadonlyArray<string> => {
  const complaints = outcomes.flatMap(({ lost, doubled, problems }, i) =>
    [
      ...(lost === 0 ? [] : [`${lost} records lost`]),
      ...(doubled === 0 ? [] : [`${doubled} events doubled`]),
      ...problems,
    ].map((problem) => `FAILED ${name}: ${problem} (npm run faults -- --only ${name} --seed ${String(seeds[i])})`),
  )
  return outcomes.some(({ faults }) => faults > 0)
    ? complaints
    : [...complaints, `FAILED ${name}: no fault was injected`]
}

const main = async ({ seeds, classes, sabotage, refused }: Options): Promise<void> => {
  if (refused !== undefined) {
    const { told, isSound } = await refusedRun(refused)
    say(told)
    if (!isSound) process.exitCode = 1
    return
  }
  const startMs = performance.now()
  const queue = newQueue(AT_A_TIME)
  const works = classes.map((one) => ({
    name: one.name,
    outcomes: Promise.all(seeds.map((seed) => queue(() => sync(one, seed, sabotage)))),
  }))
  const all: Array<Outcome> = []
  say(HEAD)
  for (const { name, outcomes: awaited } of works) {
    const outcomes = await awaited
    const complaints = complaintsOf(name, seeds, outcomes)
    all.push(...outcomes)
    say(lineOfRow(rowOf(name, outcomes)))
    complaints.forEach(say)
    if (complaints.length > 0) process.exitCode = 1
  }
  say(`${lineOfRow(rowOf('total', all))}  in ${((performance.now() - startMs) / 1000).toFixed(1)} s`)
}

optionsFrom(process.argv.slice(2))
  .then(main)
  .catch((error: unknown) => {
    process.stderr.write(`faults: ${String(error)}\n`)
    process.exitCode = 1
  })
