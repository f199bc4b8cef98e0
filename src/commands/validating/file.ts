import * as E from 'fp-ts/Either'
import type { ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { sampleOf } from '../../figures/figures'
import type { Position } from '../../figures/position'
import { exceeds } from '../../rows/limit'
import { csvOf } from '../../source/config'
import { rowsOf } from '../../source/csv'
import type { Rows } from '../../source/splitter'
import type { Fault, WarningCode } from '../../template/fault'
import { type Plan, extraMembers } from '../../template/plan'
import { count } from '../../template/tally'
import { rateOf } from '../reading/header'
import { recordDataOf } from '../reading/record'
import { Sheet, judgeRow } from '../reading/sheet'
import { faultOf } from '../reading/trouble'
import { remark } from '../telling/remarks'
import { fail } from './account'
import { passOver } from './files'
import type { Validation } from './open'

/** Judges all rows of one file, as `read` and `write` would. Left: the run can't go on. */
export const validateFile = async (validation: Validation, object: ObjectRef): Promise<E.Either<Failure, void>> => {
  const { caps, config, counting, files } = validation
  counting.files++
  const judging = new Judging(validation, object.key)
  for await (const chunk of rowsOf(files.read(object, 0), csvOf(config), rateOf(config))) {
    const trouble = E.isLeft(chunk) ? chunk.left : judging.take(chunk.right)
    if (trouble !== undefined) return setAside(validation, object, trouble)
    if (caps.stop.aborted) return E.left({ _tag: 'Stopped' })
  }
  const ended = judging.ended()
  return ended === undefined ? E.right(undefined) : setAside(validation, object, ended)
}

const setAside = (
  validation: Validation,
  { key }: ObjectRef,
  trouble: Failure | FileFault,
): E.Either<Failure, void> => {
  const { counting } = validation
  const fault = faultOf(trouble)
  if (fault === undefined) return E.left(trouble as Failure)
  if (fault.code === 'FILE_ARCHIVED') passOver(validation, fault.code)
  else fail(counting, { key, ...fault })
  return E.right(undefined)
}

/** The state of one file's judging; `take` is the hot path: plain calls. */
class Judging {
  private readonly sheet: Sheet
  private row = 0
  private rejected = 0
  /** Those that `read` rejects; the others are the platform's. */
  private bad = 0
  private firstBad = 0

  constructor(
    private readonly validation: Validation,
    private readonly key: string,
  ) {
    const { config, counting } = validation
    this.sheet = new Sheet(
      config,
      () => config.extra_columns === 'pass_through',
      ({ unknown }) => unknown.forEach((name) => counting.unknownColumns.add(name)),
      undefined,
    )
  }

  take({ cells: rows, faults }: Rows): FileFault | undefined {
    for (let i = 0; i < rows.length; i++) {
      const cells = rows[i] ?? []
      const damage = faults?.get(i)
      const plan = this.sheet.planOf(cells, damage)
      if (plan === undefined) continue
      if (E.isLeft(plan)) return plan.left
      this.row++
      this.validation.counting.rows++
      const bad = judgeRow(plan.right, cells, damage)
      if (bad !== undefined && this.bad++ === 0) this.firstBad = this.row
      const found = bad ?? this.judgeEvent(plan.right, cells)
      if (found !== undefined) this.reject(found)
    }
    return undefined
  }

  /** The file has come to its end: what is wrong with it as a whole. */
  ended(): FileFault | undefined {
    const { key, rejected, row, validation } = this
    const { counting } = validation
    const sheet = this.sheet.ended()
    if (E.isLeft(sheet)) return sheet.left
    if (sheet.right !== undefined) remark(counting, `${key} has no rows. Before it gets any: ${sheet.right}.`)
    else if (row === 0) remark(counting, `${key} has no rows.`)
    if (row > 0 && row === rejected) remark(counting, `All ${row} rows of ${key} are rejected.`)
    this.noteLimits()
    return undefined
  }

  /** What `read` ends at: the first file of which that is true. */
  private noteLimits(): void {
    const { bad, firstBad, key, row, validation } = this
    const { config, counting } = validation
    if (counting.endsSync) return
    const percent = config.max_rejected_percent
    const isFirstFatal = config.on_invalid_row === 'fail' && bad > 0
    counting.endsSync = isFirstFatal || exceeds(bad, row, percent)
    if (isFirstFatal)
      remark(counting, `A sync would end at ${key} row ${firstBad}: on_invalid_row of the config is "fail".`)
    else if (counting.endsSync)
      remark(
        counting,
        `A sync would end at ${key}: more of its rows are rejected than max_rejected_percent (${percent}) of the source's config allows.`,
      )
  }

  /** What `write` makes of the record that `read` makes of a row. */
  private judgeEvent(plan: Plan, cells: ReadonlyArray<string>): Fault | undefined {
    const { counting, judge, nowSeconds, platform } = this.validation
    const { event, warnings } = plan.draft
    counting.records++
    counting.gatherer.addTime(event.event_time)
    const extras = plan.extras.length === 0 ? '' : extraMembers(plan, cells)
    const json = judge.encode(recordDataOf(event, extras), nowSeconds)
    if (typeof json !== 'string') return json
    const met = judge.meet(json, { stream: '', record: this.row, file: this.key, row: this.row })
    if (met === 'same') {
      counting.duplicates++
      return undefined
    }
    this.warn(warnings, NONE)
    this.warn(judge.draft.warnings, warnings)
    if (met?.file !== undefined && met.row !== undefined) {
      const differsFrom = { file: met.file, row: met.row }
      count(counting.warnings, 'EVENT_ID_CONFLICT', () => ({ ...this.at(undefined), differsFrom }))
    }
    counting.wouldSend++
    const { event: sent } = judge.draft
    counting.gatherer.add(sampleOf(platform.knownName(sent.event_name) ?? sent.event_name, sent))
    return undefined
  }

  /** Of identities that are hashed on the other side both sides warn: once is enough. */
  private warn(codes: ReadonlyArray<WarningCode>, before: ReadonlyArray<WarningCode>): void {
    for (const code of codes)
      if (!before.includes(code)) count(this.validation.counting.warnings, code, () => this.at(undefined))
  }

  private reject({ code, column }: Fault): void {
    this.rejected++
    count(this.validation.counting.rejected, code, () => this.at(column))
  }

  private at(column: string | undefined): Position {
    return { file: this.key, row: this.row, column }
  }
}

const NONE: ReadonlyArray<WarningCode> = []
