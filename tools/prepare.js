'use strict'
/*
 * Makes a checkout ready to run, and does nothing where it is: installs the locked dependencies if one is missing or of another
 * version, and compiles if a source is newer than the build. Quiet on stdout: callers print machine-readable
 * lines there.
 */
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const at = (...parts) => path.join(root, ...parts)

const run = (command, args) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    process.exitCode = status ?? 1
    throw new Error(`${command} ${args.join(' ')} failed`)
  }
}

const newest = (folder) =>
  fs.readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return Math.max(latest, newest(file))
    return file.endsWith('.ts') ? Math.max(latest, fs.statSync(file).mtimeMs) : latest
  }, 0)

const modified = (file) => (fs.existsSync(file) ? fs.statSync(file).mtimeMs : 0)

/** npm keeps, beside the packages, a lock file of what it has installed. */
const packagesOf = (file) => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).packages : {})
const installed = packagesOf(at('node_modules', '.package-lock.json'))
const missing = Object.entries(packagesOf(at('package-lock.json'))).some(
  ([name, { version, optional }]) => name !== '' && optional !== true && installed[name]?.version !== version,
)
if (missing) run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'])

const sources = [
  'src',
  'emulator',
  'demo',
  'bench',
  'tools',
  'integration_tests/faults',
  'integration_tests/image',
  'integration_tests/support',
]
  .map((folder) => at(folder))
  .filter((folder) => fs.existsSync(folder))
  .map(newest)
const stale =
  modified(at('build', 'src', 'main.js')) <
  Math.max(...sources, modified(at('package.json')), modified(at('tsconfig.json')))
if (stale) run('npm', ['run', '--silent', 'build'])
