import type { CallToolResult } from '@modelcontextprotocol/server'
import type { FastifyError } from 'fastify'
import type { Refusal } from '../errors.ts'
import { refuseWithout } from '../plugins/access.ts'
import { faultFor, refusalFor } from '../plugins/error-pages.ts'
import { check } from '../plugins/validation.ts'
import type { Call, Tool } from './tool.ts'

function words({ message, fields = {}, retryAfter }: Refusal): string {
  const beside = Object.entries(fields).map(([field, says]) => `${field}: ${says}`)
  const said = Object.values(fields).includes(message) ? '' : message
  return [said, ...beside, retryAfter ? `Try again in ${retryAfter} seconds.` : ''].filter(Boolean).join('\n')
}

/** Does what a tool is for; what is refused is told to the assistant, which may do better next time. */
export async function called(tool: Tool, given: object, call: Call): Promise<CallToolResult> {
  const { request } = call
  try {
    refuseWithout([tool.scope], request)
    check(tool.input, given)
    const { text, told } = await tool.run(given as never, call)
    return { content: [{ type: 'text', text }], structuredContent: { ...told } }
  } catch (error) {
    const refusal = await refusalFor(error as FastifyError, request)
    const text = refusal ? words(refusal) : await faultFor(error as Error, request)
    return { content: [{ type: 'text', text }], isError: true }
  }
}
