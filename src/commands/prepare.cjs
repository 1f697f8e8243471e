// Runs before `npm start` and `npm test`, on whatever Node npm runs on: makes node_modules match the lockfile, so
// that a fresh clone needs no other command. Plain old JavaScript, because the Node that Carrel needs may not be here.
'use strict'
const { execSync } = require('node:child_process')
const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '../..')
const forTests = process.argv[2] === 'test'

function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

function upToDate() {
  const wanted = packagesIn(join(root, 'package-lock.json'))
  const installed = packagesIn(join(root, 'node_modules/.package-lock.json'))
  return Object.entries(wanted).every(([path, { version, dev, optional, devOptional }]) => {
    if (path === '') return true
    const here = installed[path]
    if (!here) return optional || devOptional || (dev && !forTests)
    return here.version === version && existsSync(join(root, path))
  })
}

function hasNode24() {
  const bundled = join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  )
  const [major, minor] = process.versions.node.split('.').map(Number)
  return existsSync(bundled) || major > 24 || (major === 24 && minor >= 11)
}

if (!upToDate()) {
  console.log('Installing what Carrel is made of; this happens once.')
  try {
    execSync('npm ci --no-audit --no-fund --loglevel=error', { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  } catch {
    console.error('npm could not install it; what it says above is why.')
    process.exit(1)
  }
}
if (!hasNode24()) {
  console.error(
    `Carrel needs Node.js 24.11 or newer, and npm cannot bring it to this system: install it, then try again.`
  )
  process.exit(1)
}
