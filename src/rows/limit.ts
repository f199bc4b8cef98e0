/** Whether more than so many percent, of two decimals at most, were rejected: in whole hundredths of a percent, so that it is exact. */
export const exceeds = (rejected: number, total: number, percent: number): boolean =>
  rejected * 10_000 > total * Math.round(percent * 100)
