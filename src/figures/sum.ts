/**
 * An exact sum of amounts. What is added is the number as it is sent, in its shortest decimal text; nothing is rounded on the way, for
 * ten times 0.1 is 1 to whoever reads the books.
 */
export interface Sum {
  readonly add: (amount: number) => void
  /** Adds what another sum came to. */
  readonly addText: (decimal: string) => void
  /** The sum as decimal text, as short as it can be: `1234.5`. */
  readonly text: () => string
}

/** An empty sum. Most amounts have at most two decimals and are added as whole hundredths; the others as what they are. */
export const newSum = (): Sum => {
  let hundredths = 0
  let units = 0n
  let scale = 2
  const addExactly = (digits: bigint, decimals: number): void => {
    if (decimals > scale) {
      units *= 10n ** BigInt(decimals - scale)
      scale = decimals
    }
    units += digits * 10n ** BigInt(scale - decimals)
  }
  const addText = (decimal: string): void => {
    const [digits, decimals] = decimalOf(decimal)
    addExactly(digits, decimals)
  }
  const settle = (): void => {
    addExactly(BigInt(hundredths), 2)
    hundredths = 0
  }
  return {
    add: (amount) => {
      const rounded = Math.round(amount * 100)
      // Up to 15 digits a number and its decimal text stand for each other: the division gives back the very amount, or it had more decimals.
      if (rounded <= MOST_HUNDREDTHS && rounded / 100 === amount) {
        if (hundredths > MOST_HUNDREDTHS) settle()
        hundredths += rounded
        return
      }
      addText(String(amount))
    },
    addText,
    text: () => {
      settle()
      return textOf(units, scale)
    },
  }
}

/** Two of these are yet a safe integer. */
const MOST_HUNDREDTHS = 999_999_999_999_999

/** The digits of a decimal text, also one with an exponent, and how many of them are decimals. */
const decimalOf = (text: string): readonly [bigint, number] => {
  const [, whole = '0', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? []
  const digits = BigInt(whole + fraction)
  const decimals = fraction.length - Number(exponent)
  return decimals >= 0 ? [digits, decimals] : [digits * 10n ** BigInt(-decimals), 0]
}

const NUMBER = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/

const textOf = (units: bigint, scale: number): string => {
  const digits = String(units).padStart(scale + 1, '0')
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '')
  const whole = digits.slice(0, digits.length - scale)
  return fraction === '' ? whole : `${whole}.${fraction}`
}
