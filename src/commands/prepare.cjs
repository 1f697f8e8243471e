// Runs before `npm start`, `npm test` and their like, on whatever Node npm runs on: makes node_modules match the
// lockfile, so that a fresh clone needs no other command. Plain old JavaScript, because the Node that Carrel needs may
// not be here yet. With the argument `test` the tools for developing count too.
'use strict'
const { execFileSync, execSync } = require('node:child_process')
const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '../..')
const withTools = process.argv[2] === 'test'
const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

function ownNodeWillDo() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 11)
}

function refuse() {
  console.error('Carrel needs Node.js 24.11 or newer, and npm cannot bring it to this system: please install it first.')
  process.exit(1)
}

function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

function upToDate() {
  const wanted = packagesIn(join(root, 'package-lock.json'))
  const installed = packagesIn(join(root, 'node_modules/.package-lock.json'))
  return Object.entries(wanted).every(([path, { version, dev, optional, devOptional }]) => {
    if (path === '') return true
    const here = installed[path]
    if (!here) return optional || devOptional || (dev && !withTools)
    return here.version === version && existsSync(join(root, path))
  })
}

function install() {
  console.log('Installing what Carrel is made of; this happens once.')
  const which = withTools ? '--include=dev' : '--omit=dev'
  const command = `npm ci ${which} --include=optional --no-audit --no-fund --loglevel=error`
  // An npm that is too old to deny install scripts would have this one fetch what only graphics cards need.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }
  try {
    execSync(command, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  } catch {
    console.error('npm could not install it; what it says above is why.')
    process.exit(1)
  }
}

/** What this makes quicker works without it, too. */
function warm() {
  const own = join(root, 'node_modules', nodePackage, 'bin/node')
  try {
    execFileSync(ownNodeWillDo() ? process.execPath : own, [join(__dirname, 'warm.js')], { cwd: root, stdio: 'ignore' })
  } catch {}
}

if (!ownNodeWillDo() && !(nodePackage in optionalDependencies)) refuse()
const installing = !upToDate()
if (installing) install()
if (!ownNodeWillDo() && !existsSync(join(root, 'node_modules', nodePackage))) refuse()
if (installing) warm()
