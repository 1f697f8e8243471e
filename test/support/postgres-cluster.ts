import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const oldest = 15

function binaries(): { folder: string; version: string } | undefined {
  const places = ['/usr/lib/postgresql/*/bin', '/opt/homebrew/opt/postgresql@*/bin', '/usr/local/bin', '/usr/bin']
  for (const folder of places
    .flatMap((place) => globSync(place))
    .sort()
    .reverse()) {
    if (!existsSync(join(folder, 'initdb')) || !existsSync(join(folder, 'postgres'))) continue
    const version = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).trim()
    if (Number(/(\d+)/.exec(version)?.[1]) >= oldest) return { folder, version }
  }
}

/** PostgreSQL refuses to run as root; there it runs as the user its package made. */
function whoRuns(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const number = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: number('-u'), gid: number('-g') }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** A throw-away cluster on loopback; undefined where there is no PostgreSQL to run. */
export async function startPostgres() {
  const found = binaries()
  if (!found) return undefined
  const who = whoRuns()
  const home = mkdtempSync(join(tmpdir(), 'carrel-postgres-'))
  if (who) chownSync(home, who.uid, who.gid)
  const data = join(home, 'data')
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  execFileSync(join(found.folder, 'initdb'), ['--pgdata', data, ...options], { ...who, cwd: home, stdio: 'ignore' })

  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${home}`, 'fsync=off', 'max_connections=200']
  const server = spawn(
    join(found.folder, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...who, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] }
  )
  await new Promise<void>((resolve, reject) => {
    let said = ''
    server.stderr.on('data', (text) => {
      said += text
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })

  async function stop() {
    const gone = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGINT')
    await gone
    rmSync(home, { recursive: true, force: true })
  }
  return { url: `postgres://postgres@127.0.0.1:${port}`, version: found.version, stop }
}
