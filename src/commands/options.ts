import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

export type Values = { [name: string]: string | boolean | undefined }

/** What was typed behind the command; undefined where that was a wish for help, which is given then. */
export function readOptions(help: string, options: ParseArgsOptionsConfig = {}): Values | undefined {
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } }, strict: true })
  if (!values.help) return values as Values
  console.log(help.trim())
  return undefined
}
