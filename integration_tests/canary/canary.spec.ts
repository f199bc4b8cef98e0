import { type Bucket, newBucket } from '../support/bucket'
import { describeWithMoto } from '../support/moto'
import { atATime } from '../support/reading'
import { CANARIES, DIGESTS } from './canaries'
import type { Case, Played, Stage } from './cases/case'
import { ENDS } from './cases/ends'
import { INPUTS } from './cases/inputs'
import { PLATFORM } from './cases/platform'
import { RECORDS, repeat } from './cases/records'
import { FILES, ROWS } from './cases/rows'
import { LOCKED, STORAGE } from './cases/storage'
import { SYNC } from './cases/sync'
import { USAGE } from './cases/usage'
import { VALIDATE } from './cases/validate'
import { leakAll, leaksOf } from './control'
import { FORMS } from './forms'
import { newInputs } from './sandbox'
import { WAYS, newTally, searchPlayed } from './tally'
import { search } from './watch'

const CASES: ReadonlyArray<Case> = [
  ...USAGE,
  ...INPUTS,
  ...STORAGE,
  ...ROWS,
  ...RECORDS,
  ...PLATFORM,
  ...ENDS,
  ...VALIDATE,
  ...SYNC,
]
const ALL_CASES = [...LOCKED, ...CASES]
const LEAKS = leaksOf([...CANARIES, ...DIGESTS])

/** As many processes at a time as keep two cores busy; those that only wait come on top. */
const AT_A_TIME = 4

describeWithMoto('nobody hears of a customer or a secret', (moto) => {
  const inputs = newInputs()
  const tally = newTally()
  const played = new Map<string, Played | Error>()
  let controlFound = 0
  let bucket: Bucket
  let stage: Stage

  /** A file of any bytes. */
  const put = async (key: string, body: string | Buffer): Promise<void> => {
    const reply = await fetch(`${moto().url}/${bucket.name}/${key}`, { method: 'PUT', body })
    if (!reply.ok) throw new Error(await reply.text())
  }

  const newKeyId = async (): Promise<string> => {
    await moto().iam('CreateUser', { UserName: 'canary' })
    const xml = await moto().iam('CreateAccessKey', { UserName: 'canary' })
    return /<AccessKeyId>([^<]+)</.exec(xml)?.[1] ?? ''
  }

  const play = async (one: Case): Promise<void> => {
    played.set(one.name, await one.play(stage).catch((error: unknown) => error as Error))
  }

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'canaries')
    for (const { folder, content } of FILES) await put(`${folder}/orders.csv`, content())
    stage = { file: inputs.file, beside: inputs.beside, bucket, knownKeyId: await newKeyId() }
    await moto().requireAuth(true)
    for (const one of LOCKED) await play(one)
    await moto().requireAuth(false)
    await Promise.all([
      ...CASES.filter(({ slow = false }) => slow).map(play),
      atATime(
        AT_A_TIME,
        CASES.filter(({ slow = false }) => !slow),
        play,
      ),
    ])
  }, 300_000)
  afterAll(() => {
    const forms = `${CANARIES.length + DIGESTS.length} canaries in ${FORMS.length} forms each`
    const leaks = LEAKS.length * WAYS.length
    process.stdout.write(
      `canary: ${tally.runs} runs, ${tally.bytes.toLocaleString('en')} bytes searched for ${forms}, ${tally.found} found; ` +
        `control: ${controlFound} of ${leaks} leaks found\n`,
    )
    bucket.close()
    inputs.remove()
  })

  const playedOf = ({ name }: Case): Played => {
    const result = played.get(name)
    if (result === undefined || result instanceof Error) throw result ?? new Error('it was not played')
    return result
  }

  it('is told by cases of different names', () => {
    expect(new Set(ALL_CASES.map(({ name }) => name)).size).toBe(ALL_CASES.length)
  })

  it.each(ALL_CASES)('$name', (one) => {
    const result = playedOf(one)
    // First, for where something leaks the rest matters less.
    expect(searchPlayed(tally, one, result)).toEqual([])
    expect(one.isForPeople === true ? result.stdout + result.stderr : result.stdout).toMatch(one.reaches)
    expect(one.end === 'any' ? 'any' : result.end).toBe(one.end)
  })

  describe('while a program that leaks on purpose', () => {
    it('is heard in every form, of every canary, by every way', async () => {
      const { lines } = await leakAll(LEAKS, inputs.file)
      const missed: Array<string> = []
      for (const way of WAYS) {
        expect(lines[way]).toHaveLength(LEAKS.length)
        for (const [i, { canary, form }] of LEAKS.entries()) {
          const found = search(lines[way][i] ?? '', [...CANARIES, ...DIGESTS]).map((hit) => hit.canary)
          if (found.length === 1 && found[0] === canary) controlFound++
          else missed.push(`${canary}, ${form}, ${way}: ${found.join()}`)
        }
      }
      expect(missed).toEqual([])
    })

    it('is heard when the connector itself says what it must: a STATE, byte for byte', async () => {
      const heard = await repeat(stage, [...CANARIES, ...DIGESTS].flatMap(({ spellings }) => spellings).join(' '))
      const found = search(heard.stdout, [...CANARIES, ...DIGESTS])
      expect(found.map(({ canary }) => canary)).toEqual([...CANARIES, ...DIGESTS].map(({ name }) => name))
    })

    it('is told of without repeating what it said', async () => {
      const { heard } = await leakAll(LEAKS, inputs.file)
      const found = search(heard.stdout, CANARIES)
      expect(found.map(({ canary }) => canary).sort()).toEqual(CANARIES.map(({ name }) => name).sort())
      expect(search(JSON.stringify(found), CANARIES)).toEqual([])
    })
  })
})
