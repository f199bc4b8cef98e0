import { EMAIL, KEY_ID, PHONE, SECRET, TOKEN } from '../canaries'
import { listen } from '../sandbox'
import { type Reply, breakOff, envelope } from '../servers'
import {
  BARE,
  type Case,
  type Played,
  type Stage,
  WORDS,
  against,
  destinationConfig,
  refused,
  sourceConfig,
} from './case'
import { QUOTING, quotingRefusals } from './platform'
import { FILES } from './rows'

type Loose = Readonly<Record<string, unknown>>

/** All that a sync leaves behind lies in its working directory, which is looked through. */
const LEFT = ['--state', 'state.json', '--report', 'report.html', '--json'] as const
const REJECTS = ['--rejects', 'rejects.csv'] as const

const TOLD = /\nsync \{"outcome":"(clean|rejected|failed)","source"/

const sync = (
  stage: Stage,
  url: string,
  args: ReadonlyArray<string>,
  platform: Loose = {},
  over: Loose = {},
): Promise<Played> =>
  listen(BARE, [
    'sync',
    ...args,
    '--destination',
    stage.file(destinationConfig(url, platform, over)),
    ...LEFT,
    ...(args.includes('--dry-run') ? [] : REJECTS),
  ])

const synced = (name: string, reply: Reply, reaches: RegExp, args: (stage: Stage) => ReadonlyArray<string>): Case => ({
  name: `${BARE} sync ${name}`,
  reaches,
  end: 'any',
  play: (stage) => against(reply, ({ url }) => sync(stage, url, args(stage))),
})

const NOWHERE = 'http://127.0.0.1:1'
const folder = (stage: Stage, over: Loose = {}): ReadonlyArray<string> => [
  '--source',
  stage.file(sourceConfig(stage, over)),
]
const EVENTS = (rows: number): string =>
  ['event_name,event_time,email,phone,event_id', ...Array.from({ length: rows }, (_, i) => eventOf(i))].join('\n')
const eventOf = (i: number): string => `Lead,${Math.floor(Date.now() / 1000) - 3600},${EMAIL},"${PHONE}",e${i}`

export const SYNC: ReadonlyArray<Case> = [
  ...FILES.flatMap((file) => [
    synced(`of a folder: ${file.folder}`, envelope(0, 'OK'), TOLD, (stage) =>
      folder(stage, { path_prefix: file.folder, extra_columns: 'pass_through', pii: 'as_is' }),
    ),
    synced(`of a file, tried: ${file.folder}`, envelope(0, 'OK'), TOLD, (stage) => [
      stage.file(file.content()),
      '--dry-run',
    ]),
  ]),
  {
    name: `${BARE} sync, events refused in words that quote`,
    reaches: /"REFUSED_BY_PLATFORM":20/,
    end: 'any',
    play: (stage) =>
      against(quotingRefusals(0), ({ url }) =>
        sync(stage, url, [stage.file(EVENTS(21))], {}, { max_events_per_request: 1, max_requests_in_flight: 1 }),
      ),
  },
  synced('with a token that is refused in words that quote', envelope(40105, QUOTING), TOLD, (stage) => [
    stage.file(EVENTS(3)),
  ]),
  {
    name: `${BARE} sync to a platform that breaks off`,
    reaches: TOLD,
    end: '1',
    slow: true,
    play: (stage) =>
      against(breakOff(200, 'application/json', QUOTING), ({ url }) =>
        sync(stage, url, [stage.file(EVENTS(3))], {}, { give_up_after_minutes: 1 }),
      ),
  },
  refused('sync of keys for everything', /can't be used/, () => [
    'sync',
    ...[TOKEN, '--source', SECRET, '--destination', KEY_ID, '--state', EMAIL, '--report', PHONE],
  ]),
  refused('sync with keys for flags', /Unknown argument/, () => ['sync', 'x', ...WORDS.map((word) => `--${word}`)]),
  refused('sync with a key for a limit', /0 to 100/, (stage) => [
    'sync',
    'x',
    ...['--destination', stage.file({}), '--dry-run', '--max-rejected-percent', SECRET],
  ]),
  refused('sync with a state of canaries', /The state can't be used/, (stage) => [
    'sync',
    stage.file(EVENTS(1)),
    ...['--destination', stage.file(destinationConfig(NOWHERE)), '--state', stage.file(WORDS.join('\n'))],
  ]),
  refused('sync with a lock of canaries', /Another sync works/, (stage) => {
    const state = stage.file('')
    const lock = { host: EMAIL, machine: SECRET, pid: 1, heartbeat: new Date().toISOString(), run: TOKEN }
    return [
      'sync',
      stage.file(EVENTS(1)),
      ...['--destination', stage.file(destinationConfig(NOWHERE)), '--state', stage.beside(state, '.lock', lock)],
    ]
  }),
  refused(
    'sync with references to what does not fit',
    /can't be used/,
    (stage) => [
      'sync',
      stage.file(EVENTS(1)),
      ...[
        '--destination',
        stage.file(destinationConfig(NOWHERE, { event_set_id: '${WORD}', max_event_age_days: '${WORD}' })),
      ],
      ...['--state', 'state.json'],
    ],
    { WORD: TOKEN },
  ),
]
