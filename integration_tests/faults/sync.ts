import { readFileSync } from 'node:fs'
import { newFolder } from '../support/connector'
import { type Platform, destinationConfig, startPlatform } from '../support/emulator'
import { type State, allTotalsOf, stateLines, statesOf, total } from '../support/messages'
import * as checks from './checks'
import { type Dice, diceOf } from './dice'
import { type Feed, feedFor } from './feed'
import { MOST_IN_FLIGHT } from './ingredients'
import { type Kept, startKept } from './kept'
import { type Ground, type Ran, isCompleted, run } from './run'
import type { FaultClass, Trouble } from './trouble'

/** What became of a sync, restarts included. */
export interface Outcome {
  readonly faults: number
  readonly records: number
  readonly lost: number
  readonly doubled: number
  readonly requests: number
  /** The fewest requests that could have done. */
  readonly least: number
  /** How long the slowest of its runs took. */
  readonly slowestMs: number
  readonly problems: checks.Problems
}

/** Far more than any run needs that nothing holds up for seconds on end. */
const MOST_MS = 20_000

/** One sync under the faults of a class, from nothing to the last state, and all that must hold of it. */
export const sync = async (
  { name, mostMs = MOST_MS, trouble }: FaultClass,
  seed: number,
  sabotage: string | undefined,
): Promise<Outcome> => {
  const dice = diceOf(`${name} ${seed}`)
  const records = dice.between(300, 600)
  const batch = dice.between(20, 50)
  const plan = trouble(dice, Math.ceil(records / batch))
  const folder = newFolder()
  const platform = await startPlatform()
  // Its chance is its own: how often it is asked for depends on the machine.
  const kept = plan.keepsRejects === true ? await startKept(diceOf(`bucket of ${name} ${seed}`)) : undefined
  const config = folder.file('destination.json', configOf(platform, batch, plan, kept, dice))
  const { refusedShare = 0, malformedShare = 0, padding = 0, from = 'records' } = plan
  const blend = { records, refusedShare, malformedShare, padding }
  const feed = await feedFor(from, folder, config, blend, `${name}-${seed}`, dice)
  const clockLog = folder.file('clock.log', '')
  const ground: Ground = {
    preload: ['haste', ...(plan.preload ?? []), ...(sabotage === undefined ? [] : [sabotage])],
    env: { FAULTS_SEED: String(seed), FAULTS_CLOCK_LOG: clockLog },
    platform,
    puts: () => kept?.puts() ?? 0,
    mostMs,
  }
  try {
    const refused = feed.orders.flatMap(({ fate, eventId }) => (fate === 'refused' ? [eventId] : []))
    await platform.reset({ ...plan.platform, refuse_event_ids: refused })
    const chain = await chainOf(feed, ground, plan, kept)
    return await outcomeOf(chain, feed, platform, {
      batch,
      plan,
      others: readFileSync(clockLog).length + (kept?.faults() ?? 0),
    })
  } finally {
    feed.close()
    kept?.close()
    await platform.close()
    folder.remove()
  }
}

const configOf = (platform: Platform, batch: number, { config }: Trouble, kept: Kept | undefined, dice: Dice): object =>
  destinationConfig(platform, {
    max_events_per_request: batch,
    max_requests_in_flight: dice.oneOf([1, 2, 4, MOST_IN_FLIGHT]),
    ...(kept === undefined ? {} : { object_storage_config: kept.storage }),
    ...config,
  })

/** The runs of a sync and all the states that they echoed. */
interface Chain {
  readonly runs: ReadonlyArray<Ran>
  /** Of each run, how many records were covered before it. */
  readonly begins: ReadonlyArray<number>
  readonly states: ReadonlyArray<State>
  readonly completed: boolean
  /** The most records at the end of any run that a state covered and that were nowhere: not at the platform, and not among the rejects. */
  readonly lost: number
  readonly problems: checks.Problems
}

/** Runs until one completes: those that are to be disturbed, then one that is left alone. */
const chainOf = async (feed: Feed, ground: Ground, plan: Trouble, kept: Kept | undefined): Promise<Chain> => {
  const { platform } = ground
  const runs: Array<Ran> = []
  const begins: Array<number> = []
  const lines: Array<string> = []
  const states: Array<State> = []
  const problems: Array<string> = []
  let completed = false
  let lost = 0
  for (const disturbed of [...(plan.disturbed ?? []), undefined]) {
    if (disturbed === undefined && plan.mended !== undefined) await platform.set(plan.mended)
    const begin = checks.coveredBy(states).records
    const strike = disturbed !== undefined && 'signal' in disturbed ? disturbed : undefined
    kept?.begin(begin)
    const ran = await run(feed, lines, ground, strike)
    runs.push(ran)
    begins.push(begin)
    lines.push(...stateLines(ran.write))
    states.push(...statesOf(ran.write))
    problems.push(
      ...checks.problemsOfEnd(ran, disturbed),
      ...checks.problemsOfTotals(ran, feed.orders.slice(begin)),
      ...checks.problemsOfStates(lines, feed.states),
      ...checks.problemsOfStats(states, feed.orders),
    )
    const covered = feed.orders.slice(0, checks.coveredBy(states).records)
    const stored = await platform.events()
    const here = checks.arrivedOf(covered, feed.orders, stored).lost + checks.hushedOf(states, feed.orders)
    lost = Math.max(lost, here + (kept?.lost(covered) ?? 0))
    if (disturbed !== undefined && 'failure' in disturbed)
      problems.push(...checks.problemsOfRelease(lines.length, feed, stored))
    problems.push(...(kept?.problems(feed.orders) ?? []))
    completed = isCompleted(ran)
    // A run that fails when it is to complete would fail again.
    if (completed || ran.late || problems.length > 0) break
  }
  return { runs, begins, states, completed, lost, problems }
}

const outcomeOf = async (
  { runs, begins, states, completed, lost, problems }: Chain,
  { orders }: Feed,
  platform: Platform,
  { batch, plan, others }: { readonly batch: number; readonly plan: Trouble; readonly others: number },
): Promise<Outcome> => {
  const summary = await platform.summary()
  const covered = checks.coveredBy(states).records
  const arrived = checks.arrivedOf(completed ? orders : orders.slice(0, covered), orders, await platform.events())
  const planned = total(summary.faults_injected)
  // What max_requests_per_second refuses is in no plan.
  const tooFast = (summary.requests.by_code['40100'] ?? 0) - (summary.faults_injected['code_40100'] ?? 0)
  const requests = summary.requests.total
  const most = planned + tooFast + begins.reduce((sum, begin) => sum + mostRequests(orders.slice(begin), batch), 0)
  const told = runs.flatMap(({ write }) => allTotalsOf(write)).reduce((sum, totals) => sum + totals.requests, 0)
  const isCutOff = runs.some(({ struck, late }) => struck || late)
  return {
    faults: planned + tooFast + summary.refused_requests + others + runs.filter(({ struck }) => struck).length,
    records: orders.length,
    lost: Math.max(lost, arrived.lost),
    doubled: arrived.doubled + summary.events.differing_repeats,
    requests,
    least: Math.ceil(orders.length / batch),
    slowestMs: Math.max(...runs.map(({ ms }) => ms)),
    problems: [
      ...problems,
      ...(completed ? [] : ['the sync was not completed']),
      ...(!completed || covered === orders.length ? [] : [`${covered} of ${orders.length} records are acknowledged`]),
      ...(arrived.stray === 0 ? [] : [`${arrived.stray} events stored that were refused`]),
      ...(planned <= (plan.mostFaults ?? Infinity) ? [] : [`${planned} requests met what was to end the run`]),
      ...(requests <= most ? [] : [`${requests} requests, more than ${most}`]),
      ...(isCutOff || told === requests ? [] : [`${told} requests counted, ${requests} arrived`]),
    ],
  }
}

/** The bound of a run without faults: 1 + 2·k·ceil(log2 n) a batch, and one batch more where the input came in pieces. */
const mostRequests = (fed: ReadonlyArray<{ readonly fate: string }>, batch: number): number => {
  const refused = fed.filter(({ fate }) => fate === 'refused').length
  return Math.ceil(fed.length / batch) + 1 + 2 * refused * Math.ceil(Math.log2(batch))
}
