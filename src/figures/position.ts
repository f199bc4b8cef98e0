/** A row's place, for its owner; of an event that differs from another of the same name and id, also that one's. */
export interface Position {
  readonly file: string
  readonly row: number
  readonly column: string | undefined
  readonly differsFrom?: Pick<Position, 'file' | 'row'>
}
