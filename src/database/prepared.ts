import type { CompiledQuery, DialectAdapter, SelectQueryBuilder } from 'kysely'
import { CarefulAdapter } from './sqlite.ts'
import type { Db, Tables } from './tables.ts'

class Slot {
  readonly name: PropertyKey
  constructor(name: PropertyKey) {
    this.name = name
  }
}

type Ask<Values> = <Name extends keyof Values>(name: Name) => NonNullable<Values[Name]>

/**
 * A query for the busiest pages: written with Kysely like any other, compiled once per engine, and from then on
 * only given its values. `value('id')` stands where the value goes.
 */
export function prepared<Values extends object, Output>(
  write: (db: Db, value: Ask<Values>) => SelectQueryBuilder<Tables, never, Output>
) {
  const plans = new WeakMap<DialectAdapter, CompiledQuery<Output>>()

  return (db: Db, values: Values): Output[] | Promise<Output[]> => {
    const { adapter } = db.getExecutor()
    let plan = plans.get(adapter)
    if (!plan) {
      plan = write(db, (name) => new Slot(name) as never).compile() as CompiledQuery<Output>
      plans.set(adapter, plan)
    }
    const parameters = plan.parameters.map((given) => (given instanceof Slot ? values[given.name as never] : given))
    const atOnce = adapter instanceof CarefulAdapter ? adapter.readNow(plan.sql, parameters) : undefined
    return (atOnce as Output[]) ?? db.executeQuery<Output>({ ...plan, parameters }).then(({ rows }) => rows)
  }
}
