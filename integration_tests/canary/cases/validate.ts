import { EMAIL, KEY_ID, PHONE, SECRET, SESSION, TOKEN } from '../canaries'
import { listen } from '../sandbox'
import { BARE, type Case, type Stage, WORDS, destinationConfig, refused, sourceConfig } from './case'
import { FILES } from './rows'

type Loose = Readonly<Record<string, unknown>>

const judged = (name: string, args: (stage: Stage) => ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}): Case => ({
  name: `${BARE} validate ${name}`,
  reaches: /judged for TikTok|"outcome":"(clean|rejected|failed)","platform"/,
  end: 'any',
  play: (stage) => listen(BARE, ['validate', ...args(stage)], { env }),
})

const spread = (before: string, after = ''): ReadonlyArray<string> => WORDS.map((word) => before + word + after)

const UNUSABLE = /can't be used/

/** What a reference may bring, or hold by mistake. */
const ENV = { KEY: KEY_ID, HIDDEN: SECRET, WORD: TOKEN, CUSTOMER: EMAIL, CALLED: PHONE }
const WRONG: Loose = {
  default_currency: '${HIDDEN}',
  default_country: '${CALLED}',
  default_time_zone: '${CUSTOMER}',
  checkpoint_rows: '${WORD}',
  start_date: '${KEY}',
}

export const VALIDATE: ReadonlyArray<Case> = [
  ...FILES.flatMap(({ folder, content }) => [
    judged(`of a folder: ${folder}`, (stage) => [
      '--config',
      stage.file(sourceConfig(stage, { path_prefix: folder, extra_columns: 'pass_through' })),
    ]),
    judged(`of a file, as JSON: ${folder}`, (stage) => [stage.file(content()), '--json']),
  ]),
  judged('with identities as they are', (stage) => [
    '--config',
    stage.file(sourceConfig(stage, { path_prefix: 'every-cell', pii: 'as_is' })),
    '--json',
  ]),
  judged(
    "with the destination's config",
    (stage) => [
      stage.file('event_name,event_time,email\n'),
      '--destination',
      stage.file(destinationConfig('http://127.0.0.1:1', { access_token: '${WORD}' }, { [TOKEN]: SECRET })),
    ],
    ENV,
  ),
  refused('validate of keys for a file', /is not there/, () => ['validate', SECRET]),
  refused('validate of keys for configs', UNUSABLE, () => [
    'validate',
    TOKEN,
    '--config',
    SECRET,
    '--destination',
    SESSION,
  ]),
  refused('validate with keys for flags', /Unknown argument/, () => ['validate', 'x', ...spread('--')]),
  refused('validate with keys for flags with values', /Unknown argument/, () => [
    'validate',
    'x',
    ...spread('--', '=1'),
  ]),
  refused('validate with keys for values', UNUSABLE, (stage) => [
    'validate',
    stage.file(''),
    ...['--default-currency', SECRET, '--default-country', TOKEN, '--default-time-zone', EMAIL, '--decimal', PHONE],
  ]),
  refused('validate with a key for a limit', /0 to 100/, () => ['validate', 'x', '--max-rejected-percent', SECRET]),
  refused('validate with a key for a platform', /tiktok/, () => ['validate', 'x', '--platform', TOKEN]),
  refused('template with keys', /Unknown argument/, () => ['template', ...WORDS]),
  refused('template with a key for a format', /markdown/, () => ['template', '--format', SECRET]),
  refused('validate with keys in references', UNUSABLE, (stage) => [
    'validate',
    stage.file(''),
    '--config',
    stage.file(
      Object.fromEntries(
        WORDS.flatMap((word, i) => [
          [`a${i}`, `\${${word}}`],
          [word, `\${file:/${word}}`],
        ]),
      ),
    ),
  ]),
  refused(
    'validate with references to what does not fit',
    UNUSABLE,
    (stage) => ['validate', '--config', stage.file(sourceConfig(stage, WRONG))],
    ENV,
  ),
  refused('validate of a port that refuses', /127\.0\.0\.1:1/, (stage) => [
    'validate',
    '--json',
    '--config',
    stage.file(sourceConfig(stage, { endpoint: 'http://127.0.0.1:1' })),
  ]),
]
