/** A way to break the connector on purpose: the suite that does not notice is worth nothing. */
export interface Sabotage {
  readonly name: 'ack-early' | 'drop-batch' | 'new-ids' | 'keep-late'
  /** The classes whose faults bring the damage to light, each of them. */
  readonly classes: ReadonlyArray<string>
  /** The column that shows it. */
  readonly damage: 'lost' | 'doubled'
}

/** All sabotages. Each is a module of its own name in preload/ that the destination loads first; no code of ours knows of it. */
export const SABOTAGES: ReadonlyArray<Sabotage> = [
  { name: 'ack-early', classes: ['token-revoked', 'daily-limit', 'gives-up', 'kill'], damage: 'lost' },
  { name: 'drop-batch', classes: ['system-errors', 'refused', 'kill'], damage: 'lost' },
  { name: 'new-ids', classes: ['reset-after', 'cut-after', 'kill'], damage: 'doubled' },
  { name: 'keep-late', classes: ['rejects-kept'], damage: 'lost' },
]
