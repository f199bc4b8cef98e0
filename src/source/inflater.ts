import type { Gunzip } from 'node:zlib'

/** Why an archive can't be read on. */
export type Stop = 'damaged' | 'window-too-large'

/** A decompressor: fed with bytes, then taken from. */
export interface Inflater {
  /** What stops it, if anything; what came before can be taken. */
  readonly feed: (bytes: Buffer) => Promise<Stop | undefined>
  /** The same for the end of the bytes: an archive that is not complete is damaged. */
  readonly finish: () => Promise<Stop | undefined>
  readonly take: () => ReadonlyArray<Buffer>
  readonly close: () => void
}

/** A decompressor of node's zlib. Zeros may stand behind an archive, which tools pad it with; anything else there is damage. */
export class NodeInflater implements Inflater {
  private out: Array<Buffer> = []
  private hasEnded = false
  private hasFailed = false
  private fedBytes = 0
  private wake: () => void = () => undefined

  constructor(private readonly stream: Gunzip) {
    stream.on('data', (content: Buffer) => this.out.push(content))
    stream.once('end', () => {
      this.hasEnded = true
      this.wake()
    })
    stream.once('error', () => {
      this.hasFailed = true
      this.wake()
    })
  }

  async feed(bytes: Buffer): Promise<Stop | undefined> {
    if (!this.hasEnded && !this.hasFailed)
      await new Promise<void>((resolve) => {
        this.wake = resolve
        this.stream.write(bytes, () => resolve())
      })
    const takenBytes = this.stream.bytesWritten - this.fedBytes
    this.fedBytes += bytes.length
    const isPadded = !this.hasEnded || bytes.subarray(Math.max(0, takenBytes)).every((byte) => byte === 0)
    return this.hasFailed || !isPadded ? 'damaged' : undefined
  }

  async finish(): Promise<Stop | undefined> {
    if (!this.hasEnded && !this.hasFailed)
      await new Promise<void>((resolve) => {
        this.wake = resolve
        this.stream.end()
      })
    return this.hasFailed ? 'damaged' : undefined
  }

  take(): ReadonlyArray<Buffer> {
    const taken = this.out
    this.out = []
    return taken
  }

  close(): void {
    this.stream.destroy()
  }
}
