import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Test } from 'tap'

const server = process.env.CARREL_TEST_POSTGRES

async function administer(statement: string) {
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

/** The address of an empty database of its own when this run is about PostgreSQL; undefined means SQLite. */
export async function freshDatabase(t: Test): Promise<string | undefined> {
  if (!server) return undefined
  const name = `carrel_${randomBytes(6).toString('hex')}`
  await administer(`create database ${name}`)
  t.teardown(() => administer(`drop database if exists ${name} with (force)`))
  return `${server}/${name}`
}
