import * as path from 'node:path'
import { pathToFileURL } from 'node:url'
import { startChromium } from '../integration_tests/support/chromium'

/** The picture of a report for docs/: `node build/tools/report-screenshot.js report.html docs/report.png`. */
const screenshot = async (report: string, picture: string): Promise<void> => {
  const { browser, close } = await startChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 1480 }, colorScheme: 'light' })
    await page.goto(pathToFileURL(path.resolve(report)).href)
    await page.screenshot({ path: picture })
  } finally {
    await close()
  }
}

const [, , report, picture] = process.argv
if (report === undefined || picture === undefined) throw new Error('usage: report-screenshot REPORT.html PICTURE.png')
void screenshot(report, picture)
