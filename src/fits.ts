import { Ajv, type ValidateFunction } from 'ajv'
import type { Static, TSchema } from 'typebox'

/** Tells whether something fits a schema. That is made ready when it is first asked, for a start is not to wait for it. */
export function fitsFor<Shape extends TSchema>(shape: Shape) {
  let valid: ValidateFunction | undefined
  return (value: unknown): value is Static<Shape> => {
    valid ??= new Ajv().compile(shape)
    return valid(value) as boolean
  }
}
