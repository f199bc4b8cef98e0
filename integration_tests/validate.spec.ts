import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Bucket, KEY_ID, SECRET, newBucket } from './support/bucket'
import { BARE_ENV, type Ended, type Options, binOf, run, start } from './support/connector'
import { recordLines, total, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { read } from './support/reading'
import { BAD_ROWS, LATE_ROWS, digestOf, makeFile } from './support/rows'

const ROOM = mkdtempSync(join(tmpdir(), 'offline-events-validate-'))
afterAll(() => rmSync(ROOM, { recursive: true, force: true }))

/** A file for the command line: its path. */
const file = (name: string, content: unknown): string => {
  const path = join(ROOM, name)
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content))
  return path
}
const folder = { file, remove: () => undefined }

const validate = (args: ReadonlyArray<string>, options: Options = {}): Promise<Ended> =>
  run('offline-events', ['validate', ...args], options)

interface Account {
  readonly outcome: string
  readonly source: string
  readonly files: number
  readonly files_ignored: number
  readonly rows: number
  readonly would_send: number
  readonly duplicates: number
  readonly rejected: Readonly<Record<string, number>>
  readonly warnings: Readonly<Record<string, number>>
  readonly positions: {
    readonly rejected: Readonly<Record<string, ReadonlyArray<{ file: string; row: number; column?: string }>>>
  }
  readonly identifiers: { readonly email: number; readonly phone: number; readonly both: number }
  readonly failed: ReadonlyArray<{ file: string; code: string; see: string }>
  readonly failure?: { readonly message: string; readonly see: string }
}

const accountOf = ({ stdout }: Ended): Account => JSON.parse(stdout) as Account

const account = async (
  args: ReadonlyArray<string>,
  options: Options = {},
): Promise<Account & { code: number | null }> => {
  const ended = await validate([...args, '--json'], options)
  expect(ended.lines).toHaveLength(1)
  return { code: ended.code, ...accountOf(ended) }
}

const SECTION = /https:\/\/\S+\/docs\/troubleshooting\.md#([a-z0-9_-]+)/

const MIXED = makeFile({
  rows: 300,
  seed: 'mixed',
  codes: [...Object.keys(BAD_ROWS), ...Object.keys(LATE_ROWS), 'COLUMN_COUNT_MISMATCH'],
  oneIn: 5,
})
const CLEAN = makeFile({ rows: 20, seed: 'clean' }).csv
/** Of ten rows one is bad. */
const TENTH = makeFile({ rows: 10, seed: 'tenth', codes: ['VALUE_MISSING'], oneIn: 10 }).csv

describe('a file of this machine', () => {
  test('the template as it is printed is clean', async () => {
    const { stdout } = await run('offline-events', ['template'])
    const ended = await validate([file('template.csv', stdout)])
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(
      /^template\.csv, judged for TikTok at [^]*\n {2}rows +1\n[^]*\nClean: every row can be sent\.\n$/,
    )
  })

  test('is judged to the last row, each with its reason', async () => {
    const found = await account([file('mixed.csv', MIXED.csv)])
    expect(found).toMatchObject({
      code: 2,
      outcome: 'rejected',
      source: 'mixed.csv',
      files: 1,
      rows: 300,
      duplicates: 0,
    })
    expect(found.rejected).toEqual(MIXED.bad)
    expect(found.would_send).toBe(MIXED.good.length)
    expect(found.positions.rejected['EVENT_NAME_MISSING']?.[0]).toEqual({
      file: 'mixed.csv',
      row: 5,
      column: 'event_name',
    })
    const { email, phone, both } = found.identifiers
    expect(email + phone - both).toBe(found.would_send)
  })

  test('is told of in words, each code with where to read on', async () => {
    const { code, stdout, stderr } = await validate([file('mixed.csv', MIXED.csv)])
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    for (const [one, n] of Object.entries(MIXED.bad)) {
      expect(stdout).toContain(`\n  ${one}: ${n} row${n === 1 ? '' : 's'}\n`)
      expect(stdout).toContain(`#${one.toLowerCase()}\n`)
    }
    expect(stdout).toContain('Events and revenue that would be sent\n')
    expect(stdout).toContain('TikTok takes those of the last 28 days\n')
    expect(stdout).toMatch(/\n60 rows would be rejected, 240 sent\.\n/)
    expect(stdout).not.toContain('\u001b')
    expect(total(MIXED.bad)).toBe(60)
  })

  test('may be compressed, of another encoding, or a pipe', async () => {
    const plain = await account([file('plain.csv', MIXED.csv)])
    const forms = [
      file('forms.csv.gz', gzipSync(MIXED.csv)),
      file('forms-16.csv', Buffer.from(`\ufeff${MIXED.csv}`, 'utf16le')),
    ]
    for (const form of forms) expect((await account([form])).rejected).toEqual(plain.rejected)
    const piped = spawnSync(
      'sh',
      ['-c', `cat "$0" | "$1" validate /dev/stdin --json`, file('plain.csv', MIXED.csv), binOf('offline-events')],
      {
        env: BARE_ENV,
        encoding: 'utf8',
      },
    )
    expect({ code: piped.status, stderr: piped.stderr }).toEqual({ code: 2, stderr: '' })
    expect((JSON.parse(piped.stdout) as Account).rejected).toEqual(plain.rejected)
  })

  test.each([
    ['without a limit', [], 2],
    ['at the limit', ['--max-rejected-percent', '10'], 0],
    ['above it', ['--max-rejected-percent', '9.99'], 1],
    ['of none', ['--max-rejected-percent', '0'], 1],
    ['of all', ['--max-rejected-percent=100'], 0],
  ])('%s the exit code says it', async (_, args, code) => {
    const ended = await validate([file('tenth.csv', TENTH), ...args])
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' })
    if (code === 1) expect(ended.stdout).toMatch(/Failed: 1 row of 10 would be rejected[^]*#too-many-rows-rejected\n$/)
  })

  test('settings come from the command line, before those of the config', async () => {
    const rows = `event_time;email;value;order_id\n${Math.floor(Date.now() / 1000)};a@example.com;1,50;7\n`
    const path = file('bare.csv', rows)
    const config = file('rows.json', { default_event_name: 'Lead', default_currency: 'USD', csv: { decimal: ',' } })
    expect((await account([path])).failed).toMatchObject([
      { code: 'FILE_HEADER_INVALID', see: expect.stringMatching(SECTION) as string },
    ])
    const { stdout, code } = await validate([
      path,
      '--config',
      config,
      '--default-event-name',
      'Purchase',
      '--delimiter',
      ';',
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/\n {2}Purchase +1 +1\.50 {2}USD\n/)
  })

  test.each([
    ['that is not there', [join(ROOM, 'nowhere.csv')], 'the-file-on-the-command-line'],
    ['that is a folder', [ROOM], 'the-file-on-the-command-line'],
    ['below a file', [join(ROOM, 'tenth.csv', 'x')], 'the-file-on-the-command-line'],
  ])('%s is told of on stderr, with what to do', async (_, args, section) => {
    file('tenth.csv', TENTH)
    const ended = await validate(args)
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 1, stdout: '' })
    expect(SECTION.exec(ended.stderr)?.[1]).toBe(section)
    const told = await account(args)
    expect(told).toMatchObject({ code: 1, outcome: 'failed' })
    expect(SECTION.exec(told.failure?.see ?? '')?.[1]).toBe(section)
  })

  test('is named without what would move the cursor, and so are its headers', async () => {
    const name = 'evil\u001b[31m\r\n\u202e\u009b2J.csv'
    const csv = CLEAN.replace('\n', ',\u001b[2Jcleared\n').replace(/\n(?=.)/g, '\n')
    const path = file(name, csv)
    for (const args of [[path], [path, '--json']]) {
      const { stdout, stderr } = await validate(args)
      expect(stderr).toBe('')
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
      expect(stdout).toMatch(/^(evil\\u\{1b\}\[31m|\{.*"source":"evil\\u001b\[31m)/)
    }
  })
})

describe('a config', () => {
  const csv = (): string => file('tenth.csv', TENTH)

  test.each([
    ['that is not there', [csv(), '--config', join(ROOM, 'none.json')], /--config can't be read/],
    ['that is no JSON', [csv(), '--config', csv()], /--config is not JSON/],
    [
      'with a wrong value',
      [csv(), '--config', file('wrong.json', { csv: { decimal: ';' } })],
      /csv\.decimal: expected/,
    ],
    ['with a wrong flag', [csv(), '--decimal', ';'], /csv\.decimal: expected/],
    ['without a bucket', ['--config', file('placeless.json', { path_prefix: '' })], /bucket: expected/],
    [
      'of the destination',
      [csv(), '--destination', file('d.json', {})],
      /destination's config can't be used: platform: /,
    ],
    [
      'that refers to nothing',
      [csv(), '--config', file('ref.json', { default_currency: '${NO_SUCH}' })],
      /default_currency: the environment has no variable/,
    ],
    [
      'that inherits',
      [csv(), '--config', file('ref2.json', { default_currency: '${toString}' })],
      /default_currency: the environment has no variable/,
    ],
    [
      'that refers to no file',
      [csv(), '--config', file('ref3.json', { default_currency: '${file:/no/such}' })],
      /default_currency: the file/,
    ],
  ])('%s is told of', async (_, args, says) => {
    const ended = await validate(args)
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(says)
    expect(SECTION.exec(ended.stderr)?.[1]).toBe('the-config')
  })

  test('refers to the environment and to files, numbers too', async () => {
    const config = file('references.json', { default_event_name: '${EVENT}', max_rejected_percent: '${PERCENT}' })
    const destination = file('destination.json', {
      platform: {
        type: 'tiktok',
        access_token: `\${file:${file('token', 'secret-token\n')}}`,
        event_set_id: '${SET}',
        max_event_age_days: '${DAYS}',
      },
    })
    const at = Math.floor(Date.now() / 1000)
    const rows = [at - 60, at - 2 * 86_400].map((time) => `${time},a@example.com\n`).join('')
    const found = await account(
      [file('short.csv', `event_time,email\n${rows}`), '--config', config, '--destination', destination],
      { env: { ...BARE_ENV, EVENT: 'Lead', PERCENT: '50', SET: '7312345678901234567', DAYS: '1' } },
    )
    expect(found).toMatchObject({ code: 2, would_send: 1, rejected: { EVENT_TOO_OLD: 1 } })
  })
})

describe('a wrong call', () => {
  test.each([
    [['validate'], /Say what to judge/],
    [['validate', 'a.csv', '--jsn'], /Did you mean --json\?/],
    [['validate', 'a.csv', '--max-rejected', '1'], /Unknown argument|max-rejected-percent/],
    [['validate', 'a.csv', '--max-rejected-percent', '101'], /0 to 100/],
    [['validate', 'a.csv', '--access-token', SECRET], /Unknown argument/],
    [['validat', 'a.csv'], /Did you mean validate\?/],
    [['template', '--format', 'xml'], /csv, markdown, json-schema/],
  ])('%j is answered in words', async (args, says) => {
    const { code, stdout, stderr } = await run('offline-events', args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(says)
    expect(SECTION.exec(stderr)?.[1]).toBe('the-command-line')
    expect(stderr).not.toContain(SECRET)
  })
})

describe('nobody hears of a customer', () => {
  const email = 'Canary.Person@private-mail.example'
  const phone = '+14155550198'
  const columns =
    'event_name,event_time,currency,value,transaction_id,email,phone,description,canary.person@private-mail.example'.split(
      ',',
    )
  const row = (over: number, cell: string): string =>
    columns
      .map((_, i) =>
        i === over
          ? cell
          : (['Lead', String(Math.floor(Date.now() / 1000)), '', '', '', email, phone, '', ''][i] ?? ''),
      )
      .join(',')

  test.each([['text'], ['json']])('in %s', async (form) => {
    const rows = columns.flatMap((_, i) => [row(i, email), row(i, phone), row(i, `${email} ${phone}`)])
    const path = file('canary.csv', [columns.join(','), ...rows, `${email},${phone}`, `"${email}`].join('\n'))
    const { stdout, stderr, code } = await validate(form === 'json' ? [path, '--json'] : [path])
    expect(code).toBe(2)
    const said = (stdout + stderr).toLowerCase()
    expect(said).not.toContain('canary.person')
    expect(said.replace(/\D/g, '')).not.toContain('4155550198')
    for (const secret of [email.toLowerCase(), phone, phone.slice(1)]) expect(said).not.toContain(digestOf(secret))
  })
})

describe('an end that is not the end', () => {
  const sh = (command: string) =>
    spawnSync('bash', ['--norc', '-c', command, binOf('offline-events'), file('mixed.csv', MIXED.csv)], {
      env: BARE_ENV,
      encoding: 'utf8',
    })

  test('| head -n 1 is no error', () => {
    const { stdout, stderr } = sh('"$0" validate "$1" | head -n 1; exit ${PIPESTATUS[0]}')
    expect(stdout).toMatch(/^mixed\.csv, judged/)
    expect(stderr).toBe('')
  })

  test.each(['validate "$1"', 'validate "$1" --json', 'template'])(
    '%s > /dev/full is an error: the answer is lost',
    (args) => {
      const { status, stderr } = sh(`"$0" ${args} > /dev/full`)
      expect(status).toBe(1)
      expect(stderr).toMatch(/^The output could not be written[^{]*#the-output\n$/)
    },
  )

  test('a signal ends it by that signal, and says so', async () => {
    const pipe = join(ROOM, 'slow.csv')
    spawnSync('mkfifo', [pipe])
    const { child, ended } = start('offline-events', ['validate', pipe], { input: '' })
    // Opened for both, the pipe has a writer that never comes to its end.
    const held = openSync(pipe, 'r+')
    writeFileSync(held, CLEAN)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    child.kill('SIGTERM')
    const { signal, stdout, stderr } = await ended
    expect({ signal, stdout }).toEqual({ signal: 'SIGTERM', stdout: '' })
    expect(stderr).toMatch(/^Stopped by a signal[^]*Nothing was sent[^]*#stopped-by-a-signal\n$/)
  })
})

describe('a terminal', () => {
  const PTY = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'
  const hasPty = spawnSync('python3', ['-c', 'import pty']).status === 0
  const onTerminal = hasPty ? test : test.skip

  onTerminal.each([
    [{ TERM: 'xterm-256color' }, true],
    [{ TERM: 'xterm-256color', NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ])('with %j shows colours: %s', (env, hasColours) => {
    const path = file('mixed.csv', MIXED.csv)
    const { status, stdout } = spawnSync('python3', ['-c', PTY, binOf('offline-events'), 'validate', path], {
      env: { ...BARE_ENV, ...env },
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stdout.includes('\u001b[31m')).toBe(hasColours)
    expect(stdout.replaceAll('\u001b', '').replace(/\[\d+m/g, '')).toContain('60 rows would be rejected, 240 sent.')
  })
})

describeWithMoto('a folder of a bucket', (moto) => {
  let bucket: Bucket
  const KEYS = ['data/b.csv', 'data/deep/a.csv', 'data/c.csv.gz', 'data/é "quoted".csv']
  beforeAll(async () => {
    bucket = await newBucket(moto(), 'validate')
    for (const [i, key] of KEYS.entries()) {
      const { csv } = makeFile({ rows: 30, seed: `s3-${i % 3}`, codes: ['VALUE_MISSING', 'EMAIL_MALFORMED'], oneIn: 6 })
      await bucket.put(key, key.endsWith('.gz') ? gzipSync(csv) : csv)
    }
    for (const other of ['data/notes.txt', 'data-sibling/x.csv', 'other.csv']) await bucket.put(other, CLEAN)
    await bucket.put('data/folder/', '')
    await bucket.put('data/empty.csv', '')
  }, 60_000)
  afterAll(() => bucket.close())

  test.each([
    ['as it is', {}],
    ['by a pattern', { file_pattern: '*.csv' }],
    ['a part of it', { partition: { index: 1, count: 3 } }],
    ['of nothing', { start_date: '2999-01-01' }],
  ])('%s is what a sync would read of it', async (_, over) => {
    const config = bucket.config(over)
    const reading = await read(folder, { config })
    const totals = totalsOf(reading)
    const found = await account(['--config', file('source.json', config)])
    expect(found).toMatchObject({
      files: totals.files,
      files_ignored: totals.files_ignored,
      rows: totals.rows,
      rejected: totals.rejected,
      source: 'validate/data/',
    })
    expect(found.would_send + found.duplicates).toBe(recordLines(reading, 'offline_events').length)
  })

  test('that is empty is no failure, and is told of', async () => {
    const { code, stdout } = await validate([
      '--config',
      file('empty.json', bucket.config({ path_prefix: 'nothing/here' })),
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/There is no matching file: check path_prefix/)
  })

  test('is opened by what the environment and files hold', async () => {
    const config = bucket.config({
      bucket: '${BUCKET}',
      credentials: {
        auth_type: 'access_key',
        aws_access_key_id: '${KEY}',
        aws_secret_access_key: `\${file:${file('secret', `${SECRET}\n`)}}`,
      },
      checkpoint_rows: '${ROWS}',
    })
    const env = { ...BARE_ENV, BUCKET: 'validate', KEY: KEY_ID, ROWS: '7' }
    expect(await account(['--config', file('secretless.json', config)], { env })).toMatchObject({ code: 2, files: 5 })
    // The platform's verbs take texts as they are.
    const reading = await run('source-s3-offline-events', ['check', '--config', file('secretless.json', config)], {
      env,
    })
    expect(reading.stdout).toContain('FAILED')
  })

  test.each([
    ['no such bucket', { bucket: 'no-such-bucket-here' }, 'no-such-bucket', /no-such-bucket-here/],
    ['a port that refuses', { endpoint: 'http://127.0.0.1:1' }, 'connection-refused', /127\.0\.0\.1:1/],
  ])('%s is told of, with where to read on', async (_, over, section, says) => {
    const ended = await validate(['--config', file('bad.json', bucket.config(over))])
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(says)
    expect(SECTION.exec(ended.stderr)?.[1]).toBe(section)
    expect(ended.stderr).not.toContain(SECRET)
  })

  test('a file that is none fails it, and the others are judged all the same', async () => {
    const fresh = await newBucket(moto(), 'validate-damaged')
    await fresh.put('data/a.csv', 'when,who\n1,2\n')
    await fresh.put('data/b.csv', CLEAN)
    const config = file('damaged.json', fresh.config())
    expect(await account(['--config', config])).toMatchObject({
      code: 1,
      outcome: 'failed',
      would_send: 20,
      failed: [{ file: 'data/a.csv', code: 'FILE_HEADER_INVALID' }],
    })
    const { stdout } = await validate(['--config', config, '--max-rejected-percent', '100'])
    expect(stdout).toMatch(/Failed: a file could not be read to the end\.[^]*validate again\.\n$/)
    fresh.close()
  })
})
