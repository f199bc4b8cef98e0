'use strict'
/*
 * Makes a checkout ready to run, and does nothing where it is: installs the locked dependencies if the lock file is not what
 * node_modules was made from, and compiles if a source is newer than the build. Quiet on stdout: callers print machine-readable
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
    return Math.max(latest, entry.isDirectory() ? newest(file) : fs.statSync(file).mtimeMs)
  }, 0)

const modified = (file) => (fs.existsSync(file) ? fs.statSync(file).mtimeMs : 0)

const lock = fs.readFileSync(at('package-lock.json'))
const installed = at('node_modules', '.prepared-lock.json')
if (!fs.existsSync(installed) || !fs.readFileSync(installed).equals(lock)) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'])
  fs.writeFileSync(installed, lock)
}

const stamp = at('build', '.built')
const sources = ['src', 'emulator', 'demo', 'bench']
  .filter((folder) => fs.existsSync(at(folder)))
  .map((folder) => newest(at(folder)))
if (modified(stamp) < Math.max(...sources, modified(at('package.json')), modified(at('tsconfig.json')))) {
  run('npm', ['run', '--silent', 'build'])
  fs.writeFileSync(stamp, '')
}
