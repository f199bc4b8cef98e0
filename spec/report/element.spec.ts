import fc from 'fast-check'
import { Markup, clipped, element, plain } from '../../src/report/element'
import { law } from '../support/laws'

const htmlOf = (child: Markup | string): string =>
  Markup.page({ lang: 'en', head: [], css: '', body: plain('body', child) }).replace(
    /^[\s\S]*<body>|<\/body>[\s\S]*$/g,
    '',
  )

describe('an element', () => {
  test('is closed, unless it can hold nothing', () => {
    expect(htmlOf(element('p', { class: 'note' }, 'text ', plain('code', 1)))).toBe(
      '<p class="note">text <code>1</code></p>',
    )
    expect(htmlOf(element('meta', { charset: 'utf-8' }))).toBe('<meta charset="utf-8">')
  })

  test('leaves out what is undefined, and keeps what is 0', () => {
    expect(htmlOf(element('p', { id: undefined, tabindex: 0 }, undefined, 0, [undefined, ['a', 'b']]))).toBe(
      '<p tabindex="0">0ab</p>',
    )
  })

  test.each(['https://example.com/a?b=1&c', '#files'])('links to %s', (href) => {
    expect(htmlOf(element('a', { href }, 'here'))).toBe(`<a href="${href.replace('&', '&amp;')}">here</a>`)
  })

  test.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'http://example.com',
    '//example.com',
    '',
  ])('does not link to %j', (href) => {
    expect(htmlOf(element('a', { href }, 'here'))).toBe('<a>here</a>')
  })
})

describe('text', () => {
  test('is shown as it reads', () => {
    expect(htmlOf(`<b title="it's">&amp;</b>`)).toBe('&lt;b title=&quot;it&#39;s&quot;&gt;&amp;amp;&lt;/b&gt;')
  })

  test('shows what can not be seen', () => {
    expect(htmlOf('a\u202egpj.csv\u0000\n')).toBe('a\\u{202e}gpj.csv\\u{0}\\u{a}')
  })

  test.each([
    ['from anna.smith@example.com it came', 'from [e-mail] it came'],
    ['exports/anna@example.com/orders.csv', 'exports/[e-mail]/orders.csv'],
    ['anna%40example.com.csv', '[e-mail]'],
    ['anna\uff20example.com', '[e-mail]'],
    ['anna\u200b@example.com', '[e-mail]'],
    [`of ${'0aB3'.repeat(16)}.csv`, 'of [digest].csv'],
    ['a'.repeat(128), '[digest]'],
    ['0'.repeat(33), '0'.repeat(33)],
  ])('names nobody: %j', (text, shown) => {
    expect(htmlOf(text)).toBe(shown)
  })

  law([fc.string({ unit: 'binary' })], (text) => {
    expect(htmlOf(text)).not.toMatch(/[<>"'@\p{Cc}\p{Cf}]/u)
  })
})

describe('a name', () => {
  test('keeps its beginning and its end', () => {
    expect(clipped('abcdefghij', 10)).toBe('abcdefghij')
    expect(clipped('abcdefghijk', 10)).toBe('abcd…hijk')
    expect(clipped(`${'a'.repeat(64)} or anna@example.com`, 24)).toBe('[digest] or [e-mail]')
  })

  law([fc.string({ unit: 'binary', maxLength: 6000 }), fc.integer({ min: 3, max: 200 })], (name, length) => {
    expect(Array.from(clipped(name, length)).length).toBeLessThanOrEqual(length)
  })
})
