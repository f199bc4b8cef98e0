import * as E from 'fp-ts/Either'
import yargs, { type Argv } from 'yargs'
import { VERSION } from './about'
import type { Failure } from './failure'

/** Which of the executables was called: the two of the platform know one role each, the third both. */
export type Executable = 'source-s3-offline-events' | 'destination-offline-events' | 'offline-events'

export type Command =
  | { readonly _tag: 'Spec' | 'Check' | 'Discover'; readonly role: 'source' | 'destination'; readonly config: string }
  | { readonly _tag: 'Read'; readonly config: string; readonly catalog: string; readonly state: string | undefined }
  | { readonly _tag: 'Write'; readonly config: string; readonly catalog: string }
  | { readonly _tag: 'Template' }
  /** --help and --version. */
  | { readonly _tag: 'Text'; readonly text: string }

/** The grammar: arguments to a command, or what is wrong with them. */
export const parse = (executable: Executable, args: ReadonlyArray<string>): E.Either<Failure, Command> => {
  let command: Command | undefined
  let outcome: E.Either<Failure, Command> = E.left(usage(`Say what to do; ${executable} --help lists it.`))
  const choose = (chosen: Command): void => void (command = chosen)
  const grammar = GRAMMARS[executable](yargs([]).scriptName(executable), choose)
    .strict()
    .demandCommand(1, `Say what to do; ${executable} --help lists it.`)
    .recommendCommands()
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
    if (error !== undefined && error !== null) outcome = E.left(usage(withoutValues(error.message)))
    else if (command !== undefined) outcome = E.right(command)
    else if (output !== '') outcome = E.right({ _tag: 'Text', text: output })
  })
  return outcome
}

const usage = (problem: string): Failure => ({ _tag: 'UsageInvalid', problem })

/**
 * What yargs does not know it quotes: a word in small letters may be a mistyped verb or flag, anything else a key or token put in
 * the wrong place. One AWS key in thirty is made of capitals alone.
 */
const withoutValues = (message: string): string =>
  message.replace(/^(Unknown arguments?: )(.*)$/s, (_, start: string, given: string) => {
    const shown = given.split(', ').map((word) => (/^[a-z-]{2,20}$/.test(word) ? word : '(not shown)'))
    return start + shown.join(', ')
  })

type Choose = (command: Command) => void

const config = { type: 'string', demandOption: true, requiresArg: true, describe: 'JSON file with the config' } as const
const catalog = {
  type: 'string',
  demandOption: true,
  requiresArg: true,
  describe: 'JSON file with the configured catalog',
} as const
const state = { type: 'string', requiresArg: true, describe: 'file with the states of the last run' } as const

const common =
  (role: 'source' | 'destination', choose: Choose) =>
  (cli: Argv): Argv =>
    cli
      .command('spec', 'print the specification of the config', {}, () => choose({ _tag: 'Spec', role, config: '' }))
      .command('check', 'test whether the config works', { config }, (given) =>
        choose({ _tag: 'Check', role, config: given.config }),
      )
      .command('discover', 'print the schema of what can be moved', { config }, (given) =>
        choose({ _tag: 'Discover', role, config: given.config }),
      )

const read =
  (choose: Choose) =>
  (cli: Argv): Argv =>
    cli.command('read', 'read files from S3 as records', { config, catalog, state }, (given) =>
      choose({ _tag: 'Read', config: given.config, catalog: given.catalog, state: given.state }),
    )

const write =
  (choose: Choose) =>
  (cli: Argv): Argv =>
    cli.command('write', 'deliver records from stdin to the platform', { config, catalog }, (given) =>
      choose({ _tag: 'Write', config: given.config, catalog: given.catalog }),
    )

const source = (cli: Argv, choose: Choose): Argv => read(choose)(common('source', choose)(cli))
const destination = (cli: Argv, choose: Choose): Argv => write(choose)(common('destination', choose)(cli))

const GRAMMARS: Readonly<Record<Executable, (cli: Argv, choose: Choose) => Argv>> = {
  'source-s3-offline-events': source,
  'destination-offline-events': destination,
  'offline-events': (cli, choose) =>
    write(choose)(read(choose)(cli))
      .command('source', 'spec, check, discover or read', (inner) =>
        source(inner, choose).demandCommand(
          1,
          "After source comes spec, check, discover or read (write is the destination's).",
        ),
      )
      .command('destination', 'spec, check, discover or write', (inner) =>
        destination(inner, choose).demandCommand(
          1,
          "After destination comes spec, check, discover or write (read is the source's).",
        ),
      )
      .command('template', 'print the CSV file to fill in', {}, () => choose({ _tag: 'Template' })),
}
