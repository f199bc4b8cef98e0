import * as crypto from 'node:crypto'

/** SHA-256 of the text's UTF-8 bytes as 64 lower-case hex characters: the form in which every ad platform takes identities. */
export const sha256: (text: string) => string = (() => {
  // crypto.hash (Node 20.12) skips the stream object of createHash: a third of the time for short texts.
  const { hash } = crypto as { hash?: (algorithm: string, data: string, encoding: 'hex') => string }
  if (hash !== undefined) return (text) => hash('sha256', text, 'hex')
  return (text) => crypto.createHash('sha256').update(text).digest('hex')
})()

/** What a trimmed identifier is: to be hashed, hashed already (never again), or hashed by something that platforms can't match. */
export type Form = 'plain' | 'digest' | 'wrong-digest'

/** Told by length and alphabet. Lengths of other digests: MD5 32, SHA-1 40, SHA-224 56, SHA-384 96, SHA-512 128. */
export const formOf = (text: string): Form => {
  const { length } = text
  if (length !== 64 && length !== 32 && length !== 40 && length !== 56 && length !== 96 && length !== 128)
    return 'plain'
  if (!HEX.test(text)) return 'plain'
  if (length !== 64) return 'wrong-digest'
  return text.toLowerCase() === SHA256_OF_NOTHING ? 'wrong-digest' : 'digest'
}

const HEX = /^[0-9a-f]+$/i
/** The digest of an empty cell: everybody's and nobody's identity. */
const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
