import { at } from '../json'
import { type Assertion, type Said, messagesOf, when } from '../said'

/** What `check` answers. */
export interface Checked extends Said {
  readonly status: 'SUCCEEDED' | 'FAILED'
}

export const answersAsItIs: Assertion<Checked> = (said) =>
  messagesOf(said, 'CONNECTION_STATUS').flatMap(({ json }) => {
    const found = String(at(json, 'connectionStatus.status'))
    return when(found !== said.status, `the status is ${found}, not ${said.status}`)
  })

export const saysWhyItFailed: Assertion<Checked> = (said) =>
  messagesOf(said, 'CONNECTION_STATUS').flatMap(({ json }) => {
    const message = at(json, 'connectionStatus.message')
    const told = typeof message === 'string' && /\S+ \S+/.test(message)
    return when(at(json, 'connectionStatus.status') === 'FAILED' && !told, 'FAILED does not say why')
  })
