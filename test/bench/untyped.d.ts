// What the bench uses of three packages that bring no types of their own.

declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  type Options = {
    url: string
    connections: number
    amount: number
    sampleInt?: number
    headers?: Record<string, string>
    expectBody?: string
  }
  type Result = { '2xx': number; non2xx: number; errors: number; timeouts: number; mismatches: number }
  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void
  ): EventEmitter
}

declare module 'express' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  type Request = IncomingMessage & { session: { account?: string } }
  type Response = ServerResponse & { set(headers: Record<string, string>): Response; send(body: string): Response }
  type Handler = (request: Request, response: Response, next: () => void) => void
  type Application = RequestListener & {
    use(handler: unknown): void
    get(path: string, handler: Handler): void
    disable(setting: string): void
  }
  export default function express(): Application
}

declare module 'express-session' {
  type Done = (error: unknown, session?: object | null) => void
  type Options = {
    secret: string
    store: Store
    resave: boolean
    saveUninitialized: boolean
    cookie: { maxAge: number }
  }
  export class Store {
    get(id: string, done: Done): void
    set(id: string, session: object, done: Done): void
    touch(id: string, session: object, done: Done): void
    destroy(id: string, done: Done): void
  }
  export default function session(options: Options): unknown
}
