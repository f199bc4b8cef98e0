/** Whether more than so many percent were rejected: exact, without division. */
export const exceeds = (rejected: number, total: number, percent: number): boolean => rejected * 100 > total * percent
