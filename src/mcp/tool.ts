import type { FastifyRequest } from 'fastify'
import type { Static, TObject } from 'typebox'
import type { App } from '../plugins/app-type.ts'
import type { Scope } from '../scopes.ts'

export type Progress = (message: string) => Promise<void>
export type Call = { app: App; request: FastifyRequest; progress: Progress }

type Described = {
  name: string
  title: string
  /** For a model, which knows nothing else of it. */
  description: string
  scope: Scope
  /** Whether it leaves anything behind, and whether doing it twice comes to the same. */
  changes: boolean
  again: boolean
}

/** What a tool has to say: in words, and as the object its schema promises. */
export type Said<Output> = { text: string; told: Output }

/** Something an assistant may do on a desk: thin, over the stores that the pages and the API have. */
export type Tool = Described & {
  input: TObject
  output: TObject
  run(given: never, call: Call): Promise<Said<object>>
}

type Typed<Input extends TObject, Output extends TObject> = Described & {
  input: Input
  output: Output
  run(given: Static<Input>, call: Call): Promise<Said<Static<Output>>>
}

export const tool = <Input extends TObject, Output extends TObject>(typed: Typed<Input, Output>): Tool => typed
