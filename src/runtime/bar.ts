import { SingleBar } from 'cli-progress'
import type { Bar } from '../capabilities'

/** A bar on stderr, which must be a terminal. */
export const openBar = (): Bar => {
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage} %  {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    // What does not fit is cut off: a second line would not be written over.
    linewrap: false,
    // Signals are ours.
    gracefulExit: false,
    clearOnComplete: true,
  })
  bar.start(PARTS, 0, { text: '' })
  return {
    show: (share, text) => bar.update(Math.floor(share * PARTS), { text }),
    close: () => bar.stop(),
  }
}

const PARTS = 1000
