/** Airbyte's messages as far as the tests look at them. */
export interface Message {
  readonly type: string
  readonly record?: {
    readonly stream: string
    readonly data: Readonly<Record<string, unknown>>
    readonly emitted_at: number
  }
  readonly state?: State
  readonly log?: { readonly level: string; readonly message: string }
  readonly trace?: {
    readonly type: string
    readonly error?: { readonly message: string; readonly failure_type: string; readonly internal_message?: string }
    readonly stream_status?: { readonly stream_descriptor: { readonly name: string }; readonly status: string }
  }
  readonly connectionStatus?: { readonly status: string; readonly message?: string }
}

export interface State {
  readonly type: string
  readonly stream: {
    readonly stream_descriptor: { readonly name: string }
    readonly stream_state: Readonly<Record<string, unknown>>
  }
  readonly sourceStats?: { readonly recordCount: number }
  readonly destinationStats?: { readonly recordCount: number; readonly rejectedRecordCount?: number }
}

export interface Totals {
  readonly files: number
  readonly files_failed: number
  readonly files_ignored: number
  readonly files_by_code: Readonly<Record<string, number>>
  readonly rows: number
  readonly emitted: number
  readonly records: number
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: number
  readonly unsettled: number
  readonly requests: number
  readonly retries: number
  readonly rejected: Readonly<Record<string, number>>
  readonly warnings: Readonly<Record<string, number>>
}

interface Said {
  readonly lines: ReadonlyArray<string>
  readonly messages: ReadonlyArray<Message>
}

export const messagesOf = (lines: ReadonlyArray<string>): ReadonlyArray<Message> =>
  lines.map((line) => JSON.parse(line) as Message)

/** Records of a stream as their lines, without the time of emission. */
export const recordLines = ({ lines }: Pick<Said, 'lines'>, stream: string): ReadonlyArray<string> =>
  lines
    .filter((line) => line.startsWith(`{"type":"RECORD","record":{"stream":"${stream}",`))
    .map((line) => line.replace(/,"emitted_at":\d+\}\}$/, ''))

export const stateLines = ({ lines }: Pick<Said, 'lines'>): ReadonlyArray<string> =>
  lines.filter((line) => line.startsWith('{"type":"STATE"'))

export const statesOf = ({ messages }: Said, stream?: string): ReadonlyArray<State> =>
  messages
    .flatMap(({ state }) => (state === undefined ? [] : [state]))
    .filter((state) => stream === undefined || state.stream.stream_descriptor.name === stream)

/** Sums of what the states of a stream say of the records before them. */
export const statsOf = (said: Said, stream: string): { source: number; accepted: number; rejected: number } => {
  const states = statesOf(said, stream)
  const sum = (of: (state: State) => number | undefined): number => states.reduce((all, one) => all + (of(one) ?? 0), 0)
  return {
    source: sum(({ sourceStats }) => sourceStats?.recordCount),
    accepted: sum(({ destinationStats }) => destinationStats?.recordCount),
    rejected: sum(({ destinationStats }) => destinationStats?.rejectedRecordCount),
  }
}

/** The line `totals {json}` of a run; there is exactly one. */
export const totalsOf = (said: Said): Totals => {
  const [totals, ...others] = allTotalsOf(said)
  if (totals === undefined || others.length > 0) throw new Error(`${others.length + 1} lines of totals, or none`)
  return totals
}

/** The lines `totals {json}` of a run: none where it was killed. */
export const allTotalsOf = (said: Said): ReadonlyArray<Totals> =>
  logsOf(said)
    .filter((message) => message.startsWith('totals '))
    .map((message) => JSON.parse(message.slice('totals '.length)) as Totals)

export const logsOf = ({ messages }: Said, level?: string): ReadonlyArray<string> =>
  messages.flatMap(({ log }) =>
    log !== undefined && (level === undefined || log.level === level) ? [log.message] : [],
  )

/** The TRACE ERRORs of a run as `failure_type: message`. */
export const errorsOf = ({ messages }: Said): ReadonlyArray<string> =>
  messages.flatMap(({ trace }) =>
    trace?.error === undefined ? [] : [`${trace.error.failure_type}: ${trace.error.message}`],
  )

/** The statuses of a stream, in their order. */
export const statusesOf = ({ messages }: Said, stream: string): ReadonlyArray<string> =>
  messages.flatMap(({ trace }) =>
    trace?.stream_status?.stream_descriptor.name === stream ? [trace.stream_status.status] : [],
  )

export const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0)
