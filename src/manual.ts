import { DOCUMENTATION } from './about'

/** A page of the manual: what stands above the flags, examples below them, and what else there is to know. */
export interface Page {
  readonly usage: string
  readonly examples: ReadonlyArray<readonly [command: string, meaning: string]>
  readonly epilogue: string
}

type Executable = 'source-s3-offline-events' | 'destination-offline-events' | 'offline-events'

/** The page of an executable. */
export const executablePage = (executable: Executable): Page => EXECUTABLES[executable]

/** The page of a verb, as it is called: `offline-events source check`. */
export const verbPage = (verb: Verb, called: string): Page => {
  const page = VERBS[verb]
  const named = (text: string): string => text.replaceAll('$0', called)
  return {
    usage: named(page.usage),
    examples: page.examples.map(([command, meaning]) => [named(command), meaning]),
    epilogue: page.epilogue,
  }
}

export type Verb = 'spec' | 'check' | 'discover' | 'read' | 'write' | 'template' | 'validate' | 'sync'

const EXIT_AIRBYTE =
  'Exit codes: 0 done; 1 failed, the last message says why. Stopped by a signal, it ends by that signal.'
const DOCS = `Documentation: ${DOCUMENTATION}`

const EXECUTABLES: Readonly<Record<Executable, Page>> = {
  'offline-events': {
    usage:
      '$0 <verb>\n\nBrings offline events from CSV files (of this machine, or in a bucket) to ad platforms, and tells beforehand what would become of them.',
    examples: [
      ['$0 template > events.csv', 'the file to fill in'],
      ['$0 validate events.csv', 'what would be sent of it, and what not, and why'],
      [
        '$0 sync --source source.json --destination destination.json --state state.json',
        'sends what is new in the bucket',
      ],
      ['$0 source check --config source.json', 'whether the bucket can be read'],
      ['$0 destination check --config destination.json', 'whether the platform takes the token'],
    ],
    epilogue: `Every verb has its own page: offline-events <verb> --help\nExit codes: 0 done, 1 failed; validate and sync also 2, some rows are rejected.\n${DOCS}`,
  },
  'source-s3-offline-events': {
    usage: '$0 <verb>\n\nAirbyte source: CSV files of offline events in a folder of an S3 bucket become records.',
    examples: [
      ['$0 check --config source.json', 'whether the bucket can be read'],
      ['$0 read --config source.json --catalog catalog.json --state state.jsonl', 'the records of what is new'],
    ],
    epilogue: `stdout carries Airbyte messages, one a line. ${EXIT_AIRBYTE}\n${DOCS}/source.md`,
  },
  'destination-offline-events': {
    usage: '$0 <verb>\n\nAirbyte destination: records on stdin become offline events at an ad platform.',
    examples: [
      ['$0 check --config destination.json', 'whether the platform takes the token'],
      ['$0 write --config destination.json --catalog catalog.json < records.jsonl', 'sends records'],
    ],
    epilogue: `stdout carries Airbyte messages, one a line. ${EXIT_AIRBYTE}\n${DOCS}/destination.md`,
  },
}

const VERBS: Readonly<Record<Verb, Page>> = {
  spec: {
    usage: '$0\n\nPrints the specification of the config, as one SPEC message.',
    examples: [['$0', 'what --config may hold, as a JSON Schema']],
    epilogue: `${EXIT_AIRBYTE}\n${DOCS}/configuration.md`,
  },
  check: {
    usage:
      '$0 --config FILE\n\nTests whether the config works, as one CONNECTION_STATUS. Nothing is changed. FAILED names the field that is wrong, what to do, and where to read on.',
    examples: [['$0 --config config.json', 'SUCCEEDED or FAILED, within about 35 seconds']],
    epilogue: `Exit codes: 0 told, FAILED too; 1 it could not be told, or the command line is wrong.\n${DOCS}/troubleshooting.md`,
  },
  discover: {
    usage: '$0 --config FILE\n\nPrints the schema of what can be moved, as one message.',
    examples: [['$0 --config config.json', 'streams of the source, operations of the destination']],
    epilogue: EXIT_AIRBYTE,
  },
  read: {
    usage:
      '$0 --config FILE --catalog FILE [--state FILE]\n\nReads the files that are new since the state as records on stdout. Each STATE message says how far it came: keep the last ones that the destination gives back.',
    examples: [
      ['$0 --config source.json --catalog catalog.json', 'everything, from the beginning'],
      ['$0 --config source.json --catalog catalog.json --state state.jsonl', 'what is new since then'],
    ],
    epilogue: `${EXIT_AIRBYTE}\n${DOCS}/source.md`,
  },
  write: {
    usage:
      '$0 --config FILE --catalog FILE\n\nDelivers records from stdin to the platform. A STATE comes back on stdout when all before it is accepted, or kept as a reject.',
    examples: [['$0 --config destination.json --catalog catalog.json < records.jsonl', 'sends records']],
    epilogue: `${EXIT_AIRBYTE}\n${DOCS}/destination.md`,
  },
  template: {
    usage:
      '$0 [--format csv|markdown|json-schema]\n\nPrints the file to fill in, with one correct example row whose event happened an hour ago. Replace that row by yours, and keep the header.',
    examples: [
      ['$0 > events.csv', 'a CSV file for a spreadsheet or an export'],
      ['$0 --format markdown', 'the columns and what they take, as a table'],
      ['$0 --format json-schema', 'the same for programs that make such rows'],
    ],
    epilogue: `Exit codes: 0 printed, 1 the command line is wrong.\n${DOCS}/source.md`,
  },
  validate: {
    usage:
      '$0 FILE [--config FILE] | --config FILE\n\nJudges every row as a sync would: by the template, by the settings, and by the rules of the platform. Nothing is sent, nothing is changed, no state is read or written. FILE is a file of this machine: CSV with any separator, encoding or compression that the source reads. Without FILE all matching files of the folder that the config of the source names are judged.',
    examples: [
      ['$0 events.csv', 'a file of this machine'],
      ['$0 events.csv --default-currency EUR --decimal ,', 'with settings that its rows need'],
      ['$0 events.csv.gz --config source.json', "with the settings of the source's config; its bucket is not asked"],
      ['$0 --config source.json', 'the folder in the bucket'],
      ['$0 --config source.json --destination destination.json', "by the destination's settings as well"],
      ['$0 events.csv --json --max-rejected-percent 1', 'for jobs: figures as JSON, exit 1 above one percent'],
    ],
    epilogue: `Exit codes: 0 every row can be sent (warnings are no fault); 2 some rows are rejected; 1 failed.\nWith --max-rejected-percent P: 0 if at most P percent of the rows are rejected, 1 above.\nColours on a terminal only, and not with NO_COLOR. Neither identities nor cells are ever shown: rows are named by file, row and column; row 1 is the first after the header, blank lines do not count.\n${DOCS}/troubleshooting.md`,
  },
  sync: {
    usage:
      '$0 FILE --destination FILE --state FILE | --source FILE --destination FILE --state FILE\n\nSends what is new of a file, or of the folder in a bucket, to the platform, in one process. The state is saved as events are delivered: a run that was cut off is gone on with by the next. What it had sent since its last saved state is sent once more, under the same event ids, by which the platform tells it apart. A lock beside the state file keeps a second run away; that of a run that died is void after two minutes.',
    examples: [
      ['$0 events.csv --destination destination.json --state state.json', 'a file of this machine'],
      ['$0 --source source.json --destination destination.json --state state.json', 'what is new in the bucket'],
      ['$0 events.csv --destination destination.json --dry-run', 'what would be sent; nothing is'],
      [
        '$0 --source source.json --destination destination.json --state state.json --report report.html --rejects rejects.csv',
        'with a report to open in a browser, and the rejected rows',
      ],
      [
        '$0 --source source.json --destination destination.json --state state.json --json --max-rejected-percent 1',
        'for cron: totals in the last line, exit 1 above one percent',
      ],
    ],
    epilogue: `Exit codes: 0 every row was sent (warnings are no fault); 2 some rows were rejected; 1 failed. Stopped by a signal, it settles what is on its way, saves the state, and ends by that signal.\nWith --max-rejected-percent P: 0 if at most P percent of the rows are rejected, 1 above.\nThe configs may name secrets that the environment or a file holds: "\${TIKTOK_TOKEN}", "\${file:/run/secrets/token}".\nThe state file takes states of the piped connectors, and they take its. Progress goes to stderr: a bar on a terminal, else a line now and then.\n${DOCS}/cli.md`,
  },
}
