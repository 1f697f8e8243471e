import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  CredentialRefused,
  Forbidden,
  OneWorkspaceOnly,
  ScopeMissing,
  SessionRequired,
  SignInRequired
} from '../errors.ts'
import type { Scope } from '../scopes.ts'
import type { SignedIn, Viewer } from '../viewer.ts'
import { isApiPath } from './api.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever asks; throws when nobody does, so no handler can act for nobody. */
    readonly user: Viewer
    /** The same where it must be a person who signed in, and no program of theirs. */
    readonly signedIn: SignedIn
  }
}

/** What a gate asks for: nothing, a person, or a credential for one of these scopes. */
export type Demand = { session?: true; scopes?: Scope[]; inside?: true }

const demands = new Map<unknown, Demand>()

function gate<Hook>(demand: Demand, hook: Hook): Hook {
  demands.set(hook, demand)
  return hook
}

export const anyone = gate({}, (_request: FastifyRequest, _reply: FastifyReply, done: () => void) => done())

/** For pages: they are for people alone. */
export const requireUser = gate({ session: true }, async (request: FastifyRequest) => {
  request.signedIn
})

export const requireAdmin = gate({ session: true }, async (request: FastifyRequest) => {
  if (request.signedIn.role !== 'admin') throw new Forbidden()
})

/** For what of the API no program may do with a key, such as making another one. */
export const requireSession = gate({ session: true }, async (request: FastifyRequest) => {
  request.signedIn
})

/** Whether somebody may do what one of these scopes is for: a person who signed in may do everything. */
export const mayAs = (scopes: Scope[], user: Viewer) =>
  user.session_id !== null || scopes.some((scope) => user.scopes.includes(scope))

export function refuseWithout(scopes: Scope[], { user }: FastifyRequest) {
  if (!mayAs(scopes, user)) throw new ScopeMissing(scopes)
}

/** For what is one's own wherever it is: a person, or a program of theirs that has one of these scopes everywhere. */
export const requireScope = (...scopes: Scope[]) =>
  gate({ scopes }, async (request: FastifyRequest) => {
    refuseWithout(scopes, request)
    if (request.user.within) throw new OneWorkspaceOnly()
  })

/** For what is in a workspace, also to a program that is held to one: every store the route asks keeps it there. */
export const requireInside = (...scopes: Scope[]) =>
  gate({ scopes, inside: true }, async (request: FastifyRequest) => refuseWithout(scopes, request))

/** What a route asks for of whoever calls it; undefined where it names no gate. */
export const demandOf = (onRequest: unknown): Demand | undefined =>
  [onRequest]
    .flat()
    .map((hook) => demands.get(hook))
    .find(Boolean)

const forPages = new Set<unknown>([requireUser, requireAdmin])

/** A route that names no gate stops the boot, so access is never an accident. Gates stand before the body is read. */
export default fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('user', {
      getter(this: FastifyRequest) {
        if (this.viewer) return this.viewer
        throw this.credential && this.credential !== 'cookie' ? new CredentialRefused() : new SignInRequired()
      }
    })
    app.decorateRequest('signedIn', {
      getter(this: FastifyRequest) {
        const { user } = this
        if (user.session_id === null) throw new SessionRequired()
        return user
      }
    })
    app.addHook('onRoute', ({ method, url, onRequest }) => {
      if (!demandOf(onRequest)) throw new Error(`${method} ${url} names no gate`)
      if (isApiPath(url) && [onRequest].flat().some((hook) => forPages.has(hook)))
        throw new Error(`${method} ${url} names no scope`)
    })
  },
  { name: 'access', dependencies: ['session'] }
)
