import type { AddressInfo } from 'node:net'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { talk } from './talk.ts'

const app = await buildApp(readConfig(process.env))
await app.listen({ port: 0, host: '127.0.0.1' })
talk((app.server.address() as AddressInfo).port)
