/** What is to be said of files and settings although nothing is wrong with a row: the first of it, each once. */
export interface Remarks {
  readonly remarks: Set<string>
  remarksLeftOut: number
}

/** Nothing yet. */
export const newRemarks = (): Remarks => ({ remarks: new Set(), remarksLeftOut: 0 })

/** So many are kept: of a folder with something in every file the rest is counted. */
const MOST_KEPT = 500

/** Says something, once. */
export const remark = (said: Remarks, text: string): void => {
  if (said.remarks.size < MOST_KEPT) said.remarks.add(text)
  else if (!said.remarks.has(text)) said.remarksLeftOut++
}
