import { at } from '../json'
import { type Assertion, type Said, tracesOf, when } from '../said'

/** How a run ends that can't do what it was asked for. */
export interface Failed extends Said {
  readonly failureType: 'config_error' | 'transient_error' | 'system_error'
}

export const oneError: Assertion<Said> = (said) => {
  const found = tracesOf(said, 'ERROR').length
  return when(found !== 1, `there are ${found} TRACE ERRORs`)
}

export const noError: Assertion<Said> = (said) =>
  tracesOf(said, 'ERROR').map(({ number }) => `line ${number} is a TRACE ERROR`)

/** The platform tries a config_error never again, and everything else. */
export const ofItsType: Assertion<Failed> = (said) =>
  tracesOf(said, 'ERROR').flatMap(({ json, number }) => {
    const found = String(at(json, 'trace.error.failure_type'))
    return when(found !== said.failureType, `line ${number} is a ${found}, not a ${said.failureType}`)
  })

export const saysWhatIsWrong: Assertion<Said> = (said) =>
  tracesOf(said, 'ERROR').flatMap(({ json, number }) => {
    const message = at(json, 'trace.error.message')
    const told = typeof message === 'string' && /\S+ \S+/.test(message)
    return [
      ...when(!told, `line ${number} has no sentence for people`),
      ...when(told && /\n\s+at |Error:/.test(message), `line ${number} shows people a stack trace`),
    ]
  })
