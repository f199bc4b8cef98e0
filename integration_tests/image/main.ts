import { parseArgs } from 'node:util'
import { CHECKS, type Check, type Images, type Stage } from './checks'
import { newEngine } from './engine'
import { newScene } from './scene'

/*
 * Judges built images: `--base --again --source --destination --both`, each an image's name, then `--` and the words that call
 * the engine. `--missing TEXT` instead: every check is skipped, by name, because of it. The last line counts.
 */

const say = (line: string): void => void process.stdout.write(`${line}\n`)

interface Tally {
  passed: number
  failed: number
  skipped: number
}

const skip = (tally: Tally, check: Check, why: string): void => {
  tally.skipped++
  say(`skipped  ${check.name} (skipped: ${why})`)
}

const judge = async (tally: Tally, check: Check, stage: Stage): Promise<void> => {
  try {
    const found = await check.run(stage)
    tally.passed++
    say(`passed   ${check.name}: ${found}`)
  } catch (error) {
    tally.failed++
    say(`FAILED   ${check.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const judgeAll = async (tally: Tally, images: Images, words: ReadonlyArray<string>): Promise<void> => {
  const engine = newEngine(words)
  const limits = (await engine.run(images.source, ['true'], { shell: true, memoryMb: 256 })).code === 0
  const scene = await newScene()
  try {
    for (const check of CHECKS)
      if (check.needsLimits === true && !limits) skip(tally, check, "this machine can't limit a container's memory")
      else await judge(tally, check, { engine, images, scene, limits })
  } finally {
    await scene.close()
  }
}

const named = (given: Readonly<Record<string, string | undefined>>, key: keyof Images): string => {
  const image = given[key]
  if (image === undefined) throw new Error(`--${key} is missing`)
  return image
}

const main = async (): Promise<void> => {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    options: { missing: text, base: text, again: text, source: text, destination: text, both: text },
    allowPositionals: true,
  })
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  if (values.missing === undefined) {
    const images: Images = {
      base: named(values, 'base'),
      again: named(values, 'again'),
      source: named(values, 'source'),
      destination: named(values, 'destination'),
      both: named(values, 'both'),
    }
    await judgeAll(tally, images, positionals)
  } else for (const check of CHECKS) skip(tally, check, values.missing)
  say(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`)
  process.exitCode = tally.failed === 0 ? 0 : 1
}

main().catch((error: unknown) => {
  process.stderr.write(`image: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
