import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { nothing, shop } from '../spec/report/accounts'
import type { SyncAccount } from '../src/report/account'
import { reportHtml } from '../src/report/page'
import { countText } from '../src/terminal/text'
import { type Chromium, hasChromium, startChromium } from './support/chromium'

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const HOSTILE = `<script>document.title='hit'</script><img src=x onerror="document.title='hit'">"'></style>\u202e`

/** A run of a shop whose names mean harm. */
const hostile = (): SyncAccount => ({
  ...shop(),
  subject: HOSTILE,
  eventSet: HOSTILE,
  outcome: { _tag: 'failed', sentence: HOSTILE, see: `javascript:document.title='hit'` },
  files: shop().files.map((file) => ({ ...file, key: `${HOSTILE}${file.key}` })),
  unknownColumns: [HOSTILE],
  platformMessages: [{ message: HOSTILE, events: 2 }],
  remarks: [HOSTILE],
  nextSteps: [HOSTILE],
  figures: { ...shop().figures, byName: shop().figures.byName.map((total) => ({ ...total, name: HOSTILE })) },
})

/** Long names without a place to break, and amounts that fill their cells. */
const sprawling = (): SyncAccount => ({
  ...shop(),
  subject: `s3://bucket/${'a'.repeat(200)}`,
  files: shop().files.map((file) => ({ ...file, key: 'x'.repeat(900) })),
  unknownColumns: ['y'.repeat(300)],
  platformMessages: [{ message: 'z'.repeat(900), events: 2_000_000_000 }],
  rows: 9_999_999_999,
  accepted: 9_999_999_000,
  figures: {
    ...shop().figures,
    byName: shop().figures.byName.map((total) => ({ ...total, value: '12345678901234567.89', name: 'W'.repeat(60) })),
  },
})

const suite = (): void => {
  let chromium: Chromium
  const folder = fs.mkdtempSync(join(tmpdir(), 'report-'))
  beforeAll(async () => {
    chromium = await startChromium()
  })
  afterAll(async () => {
    await chromium.close()
    fs.rmSync(folder, { recursive: true })
  })

  /** Opens a report from the disk, without a network. */
  const open = async (account: SyncAccount, options: BrowserContextOptions = {}): Promise<Opened> => {
    const file = join(folder, 'report.html')
    fs.writeFileSync(file, reportHtml(account))
    const context = await chromium.browser.newContext({ offline: true, ...options })
    const page = await context.newPage()
    const said: Array<string> = []
    const asked: Array<string> = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    page.on('request', (request) => asked.push(request.url()))
    const url = pathToFileURL(file).href
    await page.goto(url)
    return { page, said, asked: asked.filter((one) => one !== url) }
  }

  const figure = (page: Page, name: string): Promise<string | null> =>
    page.locator(`[data-figure="${name}"]`).first().textContent()

  test('it opens from a disk, asks for nothing, and is silent', async () => {
    const { page, said, asked } = await open(shop())
    expect(await page.title()).toContain('TikTok accepted')
    expect(await page.locator('h1').textContent()).toMatch(/^TikTok accepted 13,826 of 13,969 rows/)
    expect(said).toEqual([])
    expect(asked).toEqual([])
  })

  test('the style sheet is in force: the policy lets it through', async () => {
    const { page } = await open(shop(), { colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 21, 29)')
  })

  test('the figures are those of the account', async () => {
    const account = shop()
    const { page } = await open(account)
    expect(await figure(page, 'rows')).toBe(countText(account.rows))
    expect(await figure(page, 'accepted')).toBe(countText(account.accepted))
    expect(await figure(page, 'events')).toBe(countText(account.figures.events))
    expect(await figure(page, 'requests')).toBe(countText(account.requests))
    for (const { code, count } of account.rejected) expect(await figure(page, `bad-${code}`)).toBe(countText(count))
    for (const { code, count } of account.warnings) expect(await figure(page, `doubt-${code}`)).toBe(countText(count))
  })

  test('charts are seen, in the size that fits', async () => {
    for (const [width, shown, hidden] of [
      [1000, 'wide', 'narrow'],
      [320, 'narrow', 'wide'],
    ] as const) {
      const { page } = await open(shop(), { viewport: { width, height: 800 } })
      const charts = page.locator(`svg.chart.${shown}`)
      expect(await charts.count()).toBe(4)
      for (const chart of await charts.all()) {
        expect(await chart.isVisible()).toBe(true)
        expect(await chart.locator('path:not(.stroke)').count()).toBeGreaterThan(5)
      }
      expect(await page.locator(`svg.chart.${hidden}`).first().isVisible()).toBe(false)
      expect(await page.getByRole('img', { name: 'Events by day and name' }).count()).toBe(1)
    }
  })

  test.each([
    ['light', shop],
    ['dark', shop],
    ['light', hostile],
    ['dark', hostile],
    ['light', nothing],
    ['dark', sprawling],
  ] as const)('axe finds nothing in %s (%#)', async (colorScheme, account) => {
    // The policy of the page would keep axe out.
    for (const width of [1000, 320]) {
      const { page } = await open(account(), { colorScheme, bypassCSP: true, viewport: { width, height: 800 } })
      await unfold(page)
      await page.evaluate(AXE)
      const { violations, passes } = await page.evaluate<AxeResults>('axe.run()')
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      expect(passes.map(({ id }) => id)).toContain('color-contrast')
    }
  })

  test.each([
    ['a shop', shop],
    ['nothing', nothing],
    ['hostile names', hostile],
    ['long names', sprawling],
  ] as const)('on a phone the page of %s does not scroll sideways', async (_, account) => {
    const { page } = await open(account(), { viewport: { width: 320, height: 640 }, isMobile: true })
    await unfold(page)
    expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([320, 320])
  })

  test('what scrolls in itself is reached with the keyboard', async () => {
    const { page } = await open(shop(), { bypassCSP: true, viewport: { width: 320, height: 640 } })
    const files = page.getByRole('region', { name: 'What was read, file by file: table' })
    await files.focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction('document.activeElement.scrollLeft > 0')
  })

  test('it prints, in light colours, with the figures of its charts', async () => {
    const { page } = await open(shop(), { colorScheme: 'dark' })
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.length).toBeGreaterThan(20_000)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate(`getComputedStyle(document.querySelector('h1')).color`)).toBe('rgb(23, 32, 46)')
    expect(await page.locator('details [data-figure="events"]').isVisible()).toBe(true)
  })

  test('a hostile name does nothing, and is shown as it reads', async () => {
    const { page, said, asked } = await open(hostile())
    expect(await page.title()).not.toBe('hit')
    expect(await page.locator('script, img, iframe, object, embed, form, [onerror]').count()).toBe(0)
    expect(await page.locator('#remarks li').textContent()).toBe(HOSTILE.replace('\u202e', '\\u{202e}'))
    expect((await linksOf(page)).filter((href) => !/^(https:\/\/|#)/.test(href))).toEqual([])
    expect(said).toEqual([])
    expect(asked).toEqual([])
  })

  test('links within the page lead somewhere', async () => {
    const { page } = await open(shop())
    const targets = (await linksOf(page)).filter((href) => href.startsWith('#'))
    expect(targets.length).toBeGreaterThan(8)
    for (const target of targets) expect(await page.locator(target).count()).toBe(1)
  })
}

/** Opens all that is folded. */
const unfold = async (page: Page): Promise<void> => {
  for (const summary of await page.locator('summary').all()) await summary.click()
}

const linksOf = async (page: Page): Promise<ReadonlyArray<string>> => {
  const links = await Promise.all((await page.locator('a').all()).map((link) => link.getAttribute('href')))
  return links.filter((href) => href !== null)
}

interface Opened {
  readonly page: Page
  /** What the browser wrote to its console. */
  readonly said: ReadonlyArray<string>
  /** Addresses that were asked for, but for the file itself. */
  readonly asked: ReadonlyArray<string>
}

if (hasChromium()) describe('a report in Chromium', suite)
else describe.skip('a report in Chromium (skipped: no Chromium runs on this machine)', suite)
