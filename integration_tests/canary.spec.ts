import { type Bucket, newBucket } from './support/bucket'
import { BOTH, catalogOf } from './support/catalogs'
import { type Ended, newFolder, pipe, run } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { describeWithMoto } from './support/moto'
import { read } from './support/reading'
import { HEADER } from './support/rows'
import { write } from './support/writing'

/** What must not be said by anybody: a customer's identities, and the two secrets. */
const EMAIL = 'canary.person@private-mail.example'
const PHONE = '+14155550198'
const TOKEN = 'canary-token/8f+3a=='
const SECRET = 'canarySecret/K7MDENG+bPxRfi'

const formsOf = (text: string): ReadonlyArray<string> => {
  const encoded = [0, 1, 2].map((shift) =>
    // As it would stand in base64 of a longer text, by the bytes before it; the ends depend on its neighbours.
    Buffer.from(`${'x'.repeat(shift)}${text}`)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4)
      .replace(/=+$/, '')
      .slice(0, -2),
  )
  return [text, text.toUpperCase(), encodeURIComponent(text), ...encoded]
}

const FORMS = [EMAIL, PHONE, PHONE.slice(1), TOKEN, SECRET].flatMap(formsOf)

const expectSilence = (...all: ReadonlyArray<Ended>): void => {
  for (const { stdout, stderr } of all)
    for (const form of FORMS) expect({ form, said: (stdout + stderr).includes(form) }).toEqual({ form, said: false })
}

const time = (): number => Math.floor(Date.now() / 1000) - 3600

/** Rows with the canaries in cells where they don't belong, and where they do. */
const rows = (): string => {
  const row = (cells: ReadonlyArray<string>): string => cells.map((cell) => `"${cell}"`).join(',')
  const t = String(time())
  return [
    HEADER,
    row(['Purchase', t, 'USD', '1', 'o-1', EMAIL, PHONE, '', '', '', '', '', '']),
    row([EMAIL, t, 'USD', '1', 'o-2', EMAIL, PHONE, '', '', '', '', '', '']),
    row(['Purchase', EMAIL, 'USD', '1', 'o-3', EMAIL, PHONE, '', '', '', '', '', '']),
    row(['Purchase', t, EMAIL, '1', 'o-4', EMAIL, PHONE, '', '', '', '', '', '']),
    row(['Purchase', t, 'USD', PHONE, 'o-5', EMAIL, PHONE, '', '', '', '', '', '']),
    row(['Purchase', t, 'USD', '1', EMAIL, EMAIL, PHONE, '', '', '', '', '', '']),
    row(['Purchase', t, 'USD', '1', 'o-7', `${EMAIL} ${EMAIL}`, '', '', '', '', '', '', '']),
    row(['Purchase', t, 'USD', '1', 'o-8', '', `${PHONE} ${PHONE}`, '', '', '', '', '', '']),
    row(['Purchase', t, 'USD', '1', 'o-9', EMAIL, PHONE, EMAIL, '', '', '', '', '']),
    row(['Purchase', t, 'USD', '1', 'o-10', EMAIL, PHONE, '', EMAIL, EMAIL, EMAIL, EMAIL, EMAIL]),
    row(['Purchase', t, 'USD', '1', 'o-11', EMAIL, PHONE, '', '', '', '', '', '', EMAIL]),
    row(['Teleported', t, 'USD', '1', 'o-12', EMAIL, PHONE, '', '', '', '', '', '']),
    row(['Lead', t, '', '', '', EMAIL, PHONE, '', '', '', '', '', '']),
  ].join('\n')
}

describeWithMoto('nobody hears of a customer or a secret', (moto) => {
  const folder = newFolder()
  let platform: Platform
  let bucket: Bucket

  const credentials = {
    auth_type: 'access_key',
    aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    aws_secret_access_key: SECRET,
  }

  beforeAll(async () => {
    platform = await startPlatform()
    bucket = await newBucket(moto(), 'canary')
    await bucket.put('data/orders.csv', rows())
    await bucket.put('headless/orders.csv', `Purchase,${time()},USD,1,o-1,${EMAIL},${PHONE}\n`.repeat(3))
    await bucket.put('unclosed/orders.csv', `${rows()}\n"Lead,${EMAIL},${PHONE}\n${EMAIL}\n`)
    await bucket.put(
      'twice/orders.csv',
      `event_name,event_time,email,email_hashed,${EMAIL}\nLead,1,${EMAIL},${EMAIL},\n`,
    )
  }, 60_000)
  beforeEach(() => platform.reset({ access_tokens: [TOKEN] }))
  afterAll(async () => {
    bucket.close()
    folder.remove()
    await platform.close()
  })

  const source = (over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> =>
    bucket.config({ credentials, ...over })

  const destination = (
    over: Readonly<Record<string, unknown>> = {},
    more: Readonly<Record<string, unknown>> = {},
  ): Readonly<Record<string, unknown>> => destinationConfig(platform, more, { access_token: TOKEN, ...over })

  it('in read | write of rows that hold them in every cell', async () => {
    const catalog = folder.file('catalog.json', catalogOf(BOTH))
    const { ended } = pipe(
      ['--config', folder.file('source.json', source()), '--catalog', catalog],
      ['--config', folder.file('destination.json', destination()), '--catalog', catalog],
    )
    const { read: reader, write: writer } = await ended
    expect([reader.code, writer.code]).toEqual([0, 0])
    expectSilence(reader, writer)
    // The same holds for what is sent.
    const sent = JSON.stringify(await platform.events())
    expect((await platform.events()).length).toBeGreaterThanOrEqual(3)
    for (const form of FORMS) expect({ form, sent: sent.includes(form) }).toEqual({ form, sent: false })
  })

  it.each(['headless', 'unclosed', 'twice'])('in read and check of a file that is damaged: %s', async (path_prefix) => {
    const config = source({ path_prefix })
    const reader = await read(folder, { config })
    expect(reader.stdout).toMatch(/FILE_HEADER_INVALID|FILE_DAMAGED|QUOTE_UNCLOSED/)
    const checked = await run('source-s3-offline-events', ['check', '--config', folder.file('source.json', config)])
    expectSilence(reader, checked)
  })

  it('in the refusal of a key, a secret and a config', async () => {
    const check = (config: unknown): Promise<Ended> =>
      run('source-s3-offline-events', ['check', '--config', folder.file('source.json', config)])
    const said: Array<Ended> = [
      await check(source({ bucket: undefined })),
      await check(source({ credentials: SECRET })),
      await check(source({ region: [SECRET], endpoint: SECRET })),
      await check(`{"aws_secret_access_key":"${SECRET}"`),
    ]
    // From here on no key is known but those of IAM, and ours is none of them.
    await moto().requireAuth(true)
    said.push(await check(source()), await read(folder, { config: source() }))
    await moto().requireAuth(false)
    expectSilence(...said)
    expect(said.every(({ stdout }) => /FAILED|config_error/.test(stdout))).toBe(true)
  })

  it('in the refusal of a token, an event set and an event', async () => {
    const record = (id: string, email: string): string =>
      JSON.stringify({
        type: 'RECORD',
        record: {
          stream: 'offline_events',
          data: { event_name: 'Lead', event_time: time(), email, event_id: id },
          emitted_at: 1,
        },
      })
    const records = [record('a', EMAIL), record('b', PHONE), record('c', EMAIL)].join('\n')
    const echo = `${EMAIL} and ${PHONE} and ${TOKEN} are refused`
    const said: Array<Ended> = []
    const attempt = async (settings: Readonly<Record<string, unknown>>, over = {}, more = {}): Promise<void> => {
      await platform.reset({ access_tokens: [TOKEN], ...settings })
      said.push(await write(folder, destination(over, more), `${records}\n`))
    }
    await attempt({ access_tokens: ['another'] })
    await attempt({}, { event_set_id: '7399999999999999999' })
    await attempt({ refuse: { one_in: 1 }, refuse_message: `data.{index}.user: ${echo}` })
    await attempt({ refuse: { one_in: 1 }, refuse_message: `event_source_id: ${echo}` })
    await attempt({ faults: [{ kind: 'code', code: 40105, message: echo }] })
    await attempt({ faults: [{ kind: 'code', code: 49999, message: echo }] })
    await attempt({}, { api_url: `${platform.url}/${encodeURIComponent('nowhere')}` })
    await attempt({}, { access_token: undefined, event_set_id: [TOKEN] })
    said.push(await write(folder, destination(), `${records}\n${record('d', EMAIL).slice(0, -9)}\n`))
    said.push(await write(folder, destination(), `${records}\n${EMAIL}\n{"type":"${EMAIL}"}\n`))
    expectSilence(...said)
  })
})
