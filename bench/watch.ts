import { readFileSync } from 'node:fs'

/** What a process has used so far; absent where the system has no /proc. */
export type Usage = Readonly<{ cpuSeconds?: number; peakRssMb?: number }>

/** Linux counts processor time in hundredths of a second, whatever its own tick. */
const ticksPerSecond = 100
const pollMs = 50

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** User and system time: fields 14 and 15 of `stat`, counted after the name, which may hold spaces. */
const cpuOf = (pid: number): number | undefined => {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The high-water mark of resident memory. Absent once the process has ended. */
const peakOf = (pid: number): number | undefined => {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6
}

const familyOf = (pid: number): number[] => {
  const children = (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter((word) => word !== '')
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))]
}

const sum = (figures: ReadonlyMap<number, number>): number | undefined =>
  figures.size === 0 ? undefined : [...figures.values()].reduce((total, figure) => total + figure, 0)

/**
 * Polls a process and those it started until the returned function is called, which gives their processor time and the
 * sum of their peaks. The last poll may be 50 ms old.
 */
export const watch = (pid: number): (() => Usage) => {
  const cpu = new Map<number, number>()
  const peak = new Map<number, number>()
  const poll = (): void => {
    for (const member of familyOf(pid)) {
      const cpuSeconds = cpuOf(member)
      const peakRssMb = peakOf(member)
      if (cpuSeconds !== undefined) cpu.set(member, cpuSeconds)
      if (peakRssMb !== undefined) peak.set(member, peakRssMb)
    }
  }
  poll()
  const timer = setInterval(poll, pollMs)
  return () => {
    clearInterval(timer)
    poll()
    const cpuSeconds = sum(cpu)
    const peakRssMb = sum(peak)
    return { ...(cpuSeconds === undefined ? {} : { cpuSeconds }), ...(peakRssMb === undefined ? {} : { peakRssMb }) }
  }
}
