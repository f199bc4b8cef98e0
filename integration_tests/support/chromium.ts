import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium as driver } from 'playwright-core'

/** A real browser, and the end of it. */
export interface Chromium {
  readonly browser: Browser
  readonly close: () => Promise<void>
}

/** Whether a browser can be had: the one that is installed with the packages runs on Linux; elsewhere it is one of the machine. */
export const hasChromium = (): boolean => isPackaged || onPath() !== undefined

const isPackaged = process.platform === 'linux' && process.arch === 'x64'

const onPath = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((file) => fs.existsSync(file))

/** Starts a browser that asks nobody for anything. */
export const startChromium = async (): Promise<Chromium> => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'chromium-'))
  const { executablePath, env } = isPackaged ? await unpack(folder) : { executablePath: onPath() ?? '', env: {} }
  const browser = await driver.launch({ executablePath, args: FLAGS, env: { PATH: process.env['PATH'], ...env } })
  const close = async (): Promise<void> => {
    await browser.close()
    fs.rmSync(folder, { recursive: true })
  }
  return { browser, close }
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The package brings a browser with its libraries and a font for machines that have none, a cloud's function above all; it unpacks them
 * where it is told that it runs in one, and sets the environment for them. So this is done in a process of its own.
 */
const unpack = async (folder: string): Promise<Unpacked> => {
  const env = { PATH: process.env['PATH'], TMPDIR: folder, HOME: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' }
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', UNPACKING], { cwd: __dirname, env })
  const unpacked = JSON.parse(stdout) as Unpacked
  // Its fonts are looked for, and remembered, in a place of such a machine: here everything is in one folder.
  const fonts = join(unpacked.env.FONTCONFIG_PATH, 'fonts.conf')
  fs.writeFileSync(fonts, fs.readFileSync(fonts, 'utf8').replaceAll('>/tmp/', `>${folder}/`))
  return unpacked
}

interface Unpacked {
  readonly executablePath: string
  readonly env: Readonly<Record<'FONTCONFIG_PATH' | 'HOME' | 'LD_LIBRARY_PATH', string>>
}

const UNPACKING = `
require('@sparticuz/chromium').executablePath().then((executablePath) => {
  const { FONTCONFIG_PATH, HOME, LD_LIBRARY_PATH } = process.env
  console.log(JSON.stringify({ executablePath, env: { FONTCONFIG_PATH, HOME, LD_LIBRARY_PATH } }))
})`
