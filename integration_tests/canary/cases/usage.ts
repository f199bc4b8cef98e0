import type { Bin } from '../../support/connector'
import { EMAIL, KEY_ID, PHONE, SECRET, SESSION, TOKEN } from '../canaries'
import { listen } from '../sandbox'
import { BARE, type Case, DESTINATION, SOURCE, WORDS } from './case'

const refused = (name: string, bin: Bin, args: ReadonlyArray<string>): Case => ({
  name: `${bin} ${name}`,
  reaches: /"failure_type":"config_error"/,
  end: '1',
  play: () => listen(bin, args),
})

const unreadable = (name: string, bin: Bin, args: ReadonlyArray<string>): Case => ({
  name: `${bin} ${name}`,
  reaches: /can't be read/,
  end: args.includes('check') ? '0' : '1',
  play: () => listen(bin, args),
})

const answered = (name: string, bin: Bin, args: ReadonlyArray<string>): Case => ({
  name: `${bin} ${name}`,
  reaches: /./,
  end: '0',
  play: () => listen(bin, args),
})

const spread = (before: string, after = ''): ReadonlyArray<string> => WORDS.map((word) => before + word + after)

/** The grammar is the same for all three; one of them meets all of it. */
const allOf = (bin: Bin): ReadonlyArray<Case> => [
  refused('with nothing but keys', bin, WORDS),
  refused('spec with keys after it', bin, ['spec', ...WORDS]),
  refused('check with a key for a config and others after it', bin, ['check', '--config', TOKEN, ...WORDS]),
  refused('check with mistyped flags', bin, ['check', ...spread('--confg=')]),
  refused('check with keys for flags', bin, ['check', '--config', 'x', ...spread('--')]),
  refused('check with keys for short flags', bin, ['check', '--config', 'x', ...spread('-')]),
  refused('check with keys for negated flags', bin, ['check', '--config', 'x', ...spread('--no-')]),
  refused('check with keys for flags with values', bin, ['check', '--config', 'x', ...spread('--', '=1')]),
  refused('check with keys in dotted flags', bin, ['check', '--config', 'x', ...spread('--config.', '=1')]),
  refused('check with a short flag for a config', bin, ['check', '--config', `-${SECRET}`]),
  refused('check with all keys as one argument', bin, ['check', '--config', 'x', WORDS.join(', ')]),
  unreadable('check --config TOKEN', bin, ['check', '--config', TOKEN]),
  unreadable('check --config=SECRET', bin, ['check', `--config=${SECRET}`]),
  unreadable('discover --config EMAIL', bin, ['discover', '--config', EMAIL]),
  unreadable('check with keys after --', bin, ['check', '--config', KEY_ID, '--', ...WORDS]),
  answered('--help with keys', bin, ['--help', ...WORDS]),
  answered('--version with keys', bin, ['--version', ...WORDS]),
]

export const USAGE: ReadonlyArray<Case> = [
  ...allOf(SOURCE),
  refused('with nothing but keys', DESTINATION, WORDS),
  refused('check with keys for flags', DESTINATION, ['check', '--config', 'x', ...spread('--')]),
  unreadable('check --config TOKEN', DESTINATION, ['check', '--config', TOKEN]),
  unreadable('read of keys for files', SOURCE, ['read', '--config', TOKEN, '--catalog', SECRET, '--state', SESSION]),
  unreadable('write of keys for files', DESTINATION, ['write', '--config', PHONE, '--catalog', EMAIL]),
  refused('with nothing but keys', BARE, WORDS),
  refused('source with keys for verbs', BARE, ['source', ...WORDS]),
  refused('destination with a mistyped verb', BARE, ['destination', 'chekc', ...WORDS]),
  refused('read with keys for flags', BARE, ['read', '--config', SECRET, '--catalog', SECRET, ...spread('--')]),
  unreadable('source check', BARE, ['source', 'check', '--config', SECRET]),
  unreadable('destination discover', BARE, ['destination', 'discover', '--config', TOKEN]),
  unreadable('read', BARE, ['read', '--config', SECRET, '--catalog', TOKEN, '--state', SESSION]),
  unreadable('write', BARE, ['write', '--config', TOKEN, '--catalog', EMAIL]),
]
