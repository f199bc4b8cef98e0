/** A way to break the connector on purpose: the suite that does not notice is worth nothing. */
export interface Sabotage {
  readonly name: 'ack-early' | 'drop-batch' | 'new-ids'
  /** The classes whose faults bring the damage to light. */
  readonly classes: ReadonlyArray<string>
}

/** All sabotages. Each is a module of its own name in preload/ that the destination loads first; no code of ours knows of it. */
export const SABOTAGES: ReadonlyArray<Sabotage> = [
  { name: 'ack-early', classes: ['kill', 'terminate', 'token-revoked'] },
  { name: 'drop-batch', classes: ['system-errors', 'refused', 'kill'] },
  { name: 'new-ids', classes: ['reset-after', 'cut-after', 'kill'] },
]
