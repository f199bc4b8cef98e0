import { distance } from 'fastest-levenshtein'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import yargs, { type Argv } from 'yargs'
import { DOCUMENTATION, VERSION } from './about'
import type { Failure } from './failure'
import { type Page, type Verb, executablePage, verbPage } from './manual'

/** Which of the executables was called: the two of the platform know one role each, the third both. */
export type Executable = 'source-s3-offline-events' | 'destination-offline-events' | 'offline-events'

export type Command =
  | { readonly _tag: 'Spec' | 'Check' | 'Discover'; readonly role: 'source' | 'destination'; readonly config: string }
  | { readonly _tag: 'Read'; readonly config: string; readonly catalog: string; readonly state: string | undefined }
  | { readonly _tag: 'Write'; readonly config: string; readonly catalog: string }
  | { readonly _tag: 'Template'; readonly format: TemplateFormat }
  | {
      readonly _tag: 'Validate'
      readonly file: string | undefined
      readonly config: string | undefined
      readonly destination: string | undefined
      readonly platform: 'tiktok'
      readonly settings: Readonly<Record<string, unknown>>
      readonly json: boolean
      readonly maxRejectedPercent: number | undefined
    }
  | {
      readonly _tag: 'Sync'
      readonly file: string | undefined
      readonly source: string | undefined
      readonly destination: string
      readonly state: string | undefined
      readonly isDryRun: boolean
      readonly report: string | undefined
      readonly rejects: string | undefined
      readonly settings: Readonly<Record<string, unknown>>
      readonly json: boolean
      readonly maxRejectedPercent: number | undefined
    }
  /** --help and --version. */
  | { readonly _tag: 'Text'; readonly text: string }
  /** A verb for people, called wrongly: they are told in words, and no message of the protocol. */
  | { readonly _tag: 'Misused'; readonly problem: string }

const TEMPLATE_FORMATS = ['csv', 'markdown', 'json-schema'] as const
export type TemplateFormat = (typeof TEMPLATE_FORMATS)[number]

/** The grammar: arguments to a command, or what is wrong with them. */
export const parse = (executable: Executable, args: ReadonlyArray<string>): E.Either<Failure, Command> => {
  let command: E.Either<string, Command> | undefined
  let outcome: E.Either<string, Command> = E.left(`Say what to do; ${executable} --help lists it.`)
  const choose = (chosen: E.Either<string, Command>): void => void (command = chosen)
  const grammar = GRAMMARS[executable](paged(yargs([]).scriptName(executable), executablePage(executable)), choose)
    .strict()
    .demandCommand(1, `Say what to do; ${executable} --help lists it.`)
    .version(VERSION)
    .help()
    .locale('en')
    .parserConfiguration({
      'duplicate-arguments-array': false,
      // A flag is what was typed: not letter by letter, not up to its first dot, and not twice.
      'short-option-groups': false,
      'dot-notation': false,
      'camel-case-expansion': false,
    })
    .wrap(100)
    .showHelpOnFail(false)
    .exitProcess(false)
  // With a callback yargs prints nothing; all handlers are synchronous.
  void grammar.parse([...args], {}, (error: Error | null | undefined, _: unknown, output: string) => {
    if (error !== undefined && error !== null) outcome = E.left(toldOf(error.message, meaningOf(executable, args)))
    else if (command !== undefined) outcome = command
    else if (output !== '') outcome = E.right({ _tag: 'Text', text: output })
  })
  const verb = executable === 'offline-events' ? nearest(args[0] ?? '', TOP_VERBS) : undefined
  return E.isLeft(outcome) && verb !== undefined && FOR_PEOPLE.has(verb)
    ? E.right({ _tag: 'Misused', problem: misused(outcome.left, verb) })
    : pipe(outcome, E.mapLeft(usage))
}

const usage = (problem: string): Failure => ({ _tag: 'UsageInvalid', problem })

const misused = (problem: string, verb: string): string =>
  `${problem}\nRun offline-events ${verb} --help for its flags and examples, or see ${DOCUMENTATION}/troubleshooting.md#the-command-line`

/**
 * What yargs does not know it quotes: a word in small letters may be a mistyped verb or flag, anything else a key or token put in
 * the wrong place. One AWS key in thirty is made of capitals alone.
 */
const toldOf = (message: string, meant: (word: string) => string | undefined): string => {
  const [, choice, choices] = /Argument: (\S+), Given: [^]*?, Choices: (.*)/.exec(message) ?? []
  if (choice !== undefined) return `--${choice} takes one of these: ${choices?.replaceAll('"', '') ?? ''}`
  return message.replace(/^(Unknown arguments?: )(.*)$/s, (_, start: string, given: string) => {
    // A mistyped verb makes all that follows it unknown as well.
    const all = given.split(', ').map((word) => ({ word, means: meant(word) }))
    const mistyped = all.filter(({ word, means }) => means?.replace(/^--/, '') !== word)
    const words = mistyped.length === 0 ? all : mistyped
    const shown = words.map(({ word }) => (/^[a-z-]{2,20}$/.test(word) ? word : '(not shown)'))
    const perhaps = mistyped.flatMap(({ means }) => means ?? [])
    return `${start}${shown.join(', ')}${perhaps.length === 0 ? '' : `. Did you mean ${perhaps.join(', ')}?`}`
  })
}

/** The word of a list that a mistyped one stands for: with no more than a third of its letters wrong. */
const nearest = (word: string, known: ReadonlyArray<string>): string | undefined => {
  if (word.length > LONGEST_WORD) return undefined
  const found = known
    .map((one) => ({ one, wrong: mistakes(word, one) }))
    .reduce((best, one) => (one.wrong < best.wrong ? one : best), { one: '', wrong: Infinity })
  return found.wrong <= Math.ceil((found.one.length - 1) / 3) ? found.one : undefined
}

const LONGEST_WORD = 40

/** Letters that were missed, added or taken for another; two that changed places are one mistake. */
const mistakes = (word: string, meant: string): number => {
  const swapped = Array.from({ length: Math.max(0, word.length - 1) }, (_, i) =>
    distance(`${word.slice(0, i)}${word[i + 1]}${word[i]}${word.slice(i + 2)}`, meant),
  )
  return Math.min(distance(word, meant), ...swapped.map((wrong) => wrong + 1))
}

/** What something unknown may have been meant for: a flag of the verb if it was typed as a flag, else a verb. */
const meaningOf = (executable: Executable, args: ReadonlyArray<string>) => {
  const verb = args.find((arg): arg is Verb => Object.hasOwn(FLAGS, arg))
  const flags = [...(verb === undefined ? [] : Object.keys(FLAGS[verb])), 'help', 'version']
  const verbs = executable === 'offline-events' ? [...TOP_VERBS, ...AIRBYTE_VERBS] : AIRBYTE_VERBS
  return (word: string): string | undefined => {
    if (!args.some((arg) => arg === `--${word}` || arg.startsWith(`--${word}=`))) return nearest(word, verbs)
    const flag = nearest(word, flags)
    return flag === undefined ? undefined : `--${flag}`
  }
}

type Choose = (command: E.Either<string, Command>) => void

const valued = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const
const needed = (describe: string) => ({ ...valued(describe), demandOption: true }) as const

/** A setting of the source, for those who have no config. */
const setting = (describe: string) => ({ ...valued(describe), group: 'Settings, before those of the config:' }) as const

const config = needed('JSON file with the config')
const catalog = needed('JSON file with the configured catalog')
const state = valued('file with the states of the last run')

const SETTINGS = {
  'default-event-name': setting('for rows without event_name'),
  'default-country': setting('ISO 3166 code for phones without country code, as US'),
  'default-currency': setting('ISO 4217 code for rows without currency, as EUR'),
  'default-time-zone': setting('IANA zone of times without offset, as Europe/Madrid'),
  decimal: setting('decimal sign of values: . or ,'),
  delimiter: setting('separator of cells: , ; | or tab; found if not given'),
  encoding: setting('utf-8, utf-16le, utf-16be or windows-1252; found if not given'),
} as const

const TOLD = 'What is told:'
const LIMIT = { ...valued('0 to 100: exit 0 if no more rows are rejected, 1 if more are'), group: TOLD } as const

/** The flags of each verb: what --help tells, and what a mistyped one is held against. */
const FLAGS = {
  spec: {},
  check: { config },
  discover: { config },
  read: { config, catalog, state },
  write: { config, catalog },
  template: {
    format: {
      ...valued('csv: the file; markdown, json-schema: its columns'),
      choices: TEMPLATE_FORMATS,
      default: 'csv',
    },
  },
  validate: {
    config: valued("JSON file with the source's config; beside FILE its settings of rows alone are enough"),
    destination: valued("JSON file with the destination's config: its settings judge too"),
    platform: {
      ...valued('whose rules the events have to meet'),
      choices: ['tiktok'] as const,
      default: 'tiktok',
    },
    ...SETTINGS,
    json: { type: 'boolean', describe: 'print one JSON object', group: TOLD } as const,
    'max-rejected-percent': LIMIT,
  },
  sync: {
    source: valued("JSON file with the source's config; beside FILE its settings of rows alone are enough"),
    destination: needed("JSON file with the destination's config"),
    state: valued('file that says what was sent: read first, if it is there, and kept up as events are delivered'),
    'dry-run': { type: 'boolean', describe: 'do all but send, and save no state' } as const,
    rejects: valued('CSV file to write the rejected rows to, without identities'),
    report: { ...valued('HTML file to write a report to'), group: TOLD },
    json: { type: 'boolean', describe: 'end with a line "sync {totals}"', group: TOLD } as const,
    'max-rejected-percent': LIMIT,
    ...SETTINGS,
  },
} as const

const AIRBYTE_VERBS = ['spec', 'check', 'discover', 'read', 'write'] as const
const TOP_VERBS: ReadonlyArray<string> = ['source', 'destination', 'read', 'write', 'template', 'validate', 'sync']
/** These print text. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(['template', 'validate', 'sync'])

const paged = (cli: Argv, { usage: told, examples, epilogue }: Page): Argv =>
  cli
    .usage(told)
    .example(examples.map(([command, meaning]) => [command, meaning] as [string, string]))
    .epilogue(epilogue)

/** The page of a verb under the words that lead to it. */
const page = (verb: Verb, within: string): ((cli: Argv) => Argv) => {
  const found = verbPage(verb, `${within} ${verb}`)
  return (cli) => paged(cli, found)
}

const common =
  (role: 'source' | 'destination', choose: Choose, within: string) =>
  (cli: Argv): Argv =>
    cli
      .command('spec', 'print the specification of the config', page('spec', within), () =>
        choose(E.right({ _tag: 'Spec', role, config: '' })),
      )
      .command(
        'check',
        'test whether the config works',
        (inner) => page('check', within)(inner).options(FLAGS.check),
        (given) => choose(E.right({ _tag: 'Check', role, config: textOf(given, 'config') })),
      )
      .command(
        'discover',
        'print the schema of what can be moved',
        (inner) => page('discover', within)(inner).options(FLAGS.discover),
        (given) => choose(E.right({ _tag: 'Discover', role, config: textOf(given, 'config') })),
      )

const read =
  (choose: Choose, within: string) =>
  (cli: Argv): Argv =>
    cli.command(
      'read',
      'read files from S3 as records',
      (inner) => page('read', within)(inner).options(FLAGS.read),
      (given) =>
        choose(
          E.right({
            _tag: 'Read',
            config: textOf(given, 'config'),
            catalog: textOf(given, 'catalog'),
            state: valueOf(given, 'state'),
          }),
        ),
    )

const write =
  (choose: Choose, within: string) =>
  (cli: Argv): Argv =>
    cli.command(
      'write',
      'deliver records from stdin to the platform',
      (inner) => page('write', within)(inner).options(FLAGS.write),
      (given) => choose(E.right({ _tag: 'Write', config: textOf(given, 'config'), catalog: textOf(given, 'catalog') })),
    )

const template =
  (choose: Choose) =>
  (cli: Argv): Argv =>
    cli.command(
      'template',
      'print the CSV file to fill in',
      (inner) => page('template', 'offline-events')(inner).options(FLAGS.template),
      (given) => choose(E.right({ _tag: 'Template', format: textOf(given, 'format') as TemplateFormat })),
    )

const validate =
  (choose: Choose) =>
  (cli: Argv): Argv =>
    cli.command(
      'validate [FILE]',
      'tell what would be sent of a file or folder, and what not, and why',
      (inner) =>
        page(
          'validate',
          'offline-events',
        )(inner)
          .positional('FILE', { type: 'string', describe: 'a file of this machine' })
          .options(FLAGS.validate),
      (given) => choose(validation(given)),
    )

const sync =
  (choose: Choose) =>
  (cli: Argv): Argv =>
    cli.command(
      'sync [FILE]',
      'send a file or folder to the platform, what is new of it',
      (inner) =>
        page(
          'sync',
          'offline-events',
        )(inner)
          .positional('FILE', { type: 'string', describe: 'a file of this machine' })
          .options(FLAGS.sync),
      (given) => choose(syncing(given)),
    )

type Given = Readonly<Record<string, unknown>>

const valueOf = (given: Given, flag: string): string | undefined => {
  const value = given[flag]
  return typeof value === 'string' ? value : undefined
}

const textOf = (given: Given, flag: string): string => valueOf(given, flag) ?? ''

const validation = (given: Given): E.Either<string, Command> => {
  const [name, source] = [valueOf(given, 'FILE'), valueOf(given, 'config')]
  if (name === undefined && source === undefined)
    return E.left('Say what to judge: a FILE, or the folder of --config source.json.')
  const percent = percentOf(given)
  if (E.isLeft(percent)) return percent
  return E.right({
    _tag: 'Validate',
    file: name,
    config: source,
    destination: valueOf(given, 'destination'),
    platform: 'tiktok',
    settings: settingsOf(given),
    json: given['json'] === true,
    maxRejectedPercent: percent.right,
  })
}

const syncing = (given: Given): E.Either<string, Command> => {
  const empty = ['FILE', 'source', 'destination', 'state', 'rejects', 'report'].find((flag) => given[flag] === '')
  if (empty !== undefined)
    return E.left(`${empty === 'FILE' ? empty : `--${empty}`} is empty: a variable that is not set, perhaps.`)
  const [name, source, state] = [valueOf(given, 'FILE'), valueOf(given, 'source'), valueOf(given, 'state')]
  const isDryRun = given['dry-run'] === true
  if (name === undefined && source === undefined)
    return E.left('Say what to send: a FILE, or the folder of --source source.json.')
  if (state === undefined && !isDryRun)
    return E.left(
      'Say with --state state.json where to keep what was sent, so that nothing is sent twice. The file is made by the first run.',
    )
  if (isDryRun && valueOf(given, 'rejects') !== undefined)
    return E.left('--dry-run leaves no trace: --rejects is for a run that sends. validate names the rejected rows too.')
  const percent = percentOf(given)
  if (E.isLeft(percent)) return percent
  return E.right({
    _tag: 'Sync',
    file: name,
    source,
    destination: textOf(given, 'destination'),
    state,
    isDryRun,
    report: valueOf(given, 'report'),
    rejects: valueOf(given, 'rejects'),
    settings: settingsOf(given),
    json: given['json'] === true,
    maxRejectedPercent: percent.right,
  })
}

const percentOf = (given: Given): E.Either<string, number | undefined> => {
  const percent = valueOf(given, 'max-rejected-percent')
  if (percent === undefined) return E.right(undefined)
  return /^\d{1,3}(\.\d{1,2})?$/.test(percent) && Number(percent) <= 100
    ? E.right(Number(percent))
    : E.left('--max-rejected-percent takes a number from 0 to 100, with two decimals at most.')
}

/** Flags as the keys of the source's config that they stand for. */
const settingsOf = (given: Given): Readonly<Record<string, unknown>> => {
  const said = (flags: ReadonlyArray<string>): Readonly<Record<string, string>> =>
    Object.fromEntries(
      flags.flatMap((flag) => {
        const value = valueOf(given, flag)
        return value === undefined ? [] : [[flag.replaceAll('-', '_'), value === 'tab' ? '\t' : value]]
      }),
    )
  const csv = said(['decimal', 'delimiter', 'encoding'])
  return {
    ...said(['default-event-name', 'default-country', 'default-currency', 'default-time-zone']),
    ...(Object.keys(csv).length === 0 ? {} : { csv }),
  }
}

const source = (cli: Argv, choose: Choose, within: string): Argv =>
  read(choose, within)(common('source', choose, within)(cli))
const destination = (cli: Argv, choose: Choose, within: string): Argv =>
  write(choose, within)(common('destination', choose, within)(cli))

const GRAMMARS: Readonly<Record<Executable, (cli: Argv, choose: Choose) => Argv>> = {
  'source-s3-offline-events': (cli, choose) => source(cli, choose, 'source-s3-offline-events'),
  'destination-offline-events': (cli, choose) => destination(cli, choose, 'destination-offline-events'),
  'offline-events': (cli, choose) =>
    write(
      choose,
      'offline-events',
    )(read(choose, 'offline-events')(sync(choose)(validate(choose)(template(choose)(cli)))))
      .command('source', 'spec, check, discover or read', (inner) =>
        source(inner.usage('$0 source <verb>'), choose, 'offline-events source').demandCommand(
          1,
          "After source comes spec, check, discover or read (write is the destination's).",
        ),
      )
      .command('destination', 'spec, check, discover or write', (inner) =>
        destination(inner.usage('$0 destination <verb>'), choose, 'offline-events destination').demandCommand(
          1,
          "After destination comes spec, check, discover or write (read is the source's).",
        ),
      ),
}
