import type { Operation } from './openapi.ts'

export type Call = {
  method: string
  path: string
  body?: unknown
  /** What it shows of who asks. */
  shows: 'nothing' | 'key' | 'token'
}

/** `workspaceId`, and `workspace_id` too, is $WORKSPACE_ID outside. */
const outside = (name: string) => name.replaceAll(/([A-Z])/g, '_$1').toUpperCase()

const filled = (address: string, place: (name: string) => string) =>
  address.replaceAll(/\{(\w+)\}/g, (_, name) => place(outside(name)))

/** A field of a body that names something by its id is filled from outside as well, like one in the address. */
export const isName = (field: string) => /_id$/.test(field)

/** One way to call each route, in what is at hand nearly everywhere. The address, the key and ids come from outside. */
export function snippetsFor({ parameters }: Pick<Operation, 'parameters'>, call: Call) {
  const needed = parameters.filter((one) => one.in === 'query' && one.required)
  const query = needed.map(({ name }) => `${name}={${name}}`).join('&')
  const whole = { ...call, path: query ? `${call.path}?${query}` : call.path }
  return { curl: curl(whole), javascript: javascript(whole), python: python(whole) }
}

function curl({ method, path, body, shows }: Call): string {
  const lines = [`curl${method === 'GET' ? '' : ` -X ${method}`} "$CARREL${filled(path, (name) => `$${name}`)}"`]
  if (shows === 'key') lines.push('-H "X-API-Key: $KEY"')
  if (shows === 'token') lines.push('-H "Authorization: Bearer $TOKEN"')
  if (body !== undefined)
    lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`)
  return lines.join(' \\\n  ')
}

function javascript({ method, path, body, shows }: Call): string {
  const headers = [
    shows === 'key' && "'X-API-Key': process.env.KEY",
    shows === 'token' && `Authorization: \`Bearer \${process.env.TOKEN}\``,
    body !== undefined && "'Content-Type': 'application/json'"
  ].filter(Boolean)
  const options = [
    method !== 'GET' && `method: '${method}'`,
    headers.length > 0 && `headers: { ${headers.join(', ')} }`,
    body !== undefined && `body: JSON.stringify(${JSON.stringify(body)})`
  ].filter(Boolean)
  const url = `\`\${process.env.CARREL}${filled(path, (name) => `\${process.env.${name}}`)}\``
  const call = options.length > 0 ? `fetch(${url}, {\n  ${options.join(',\n  ')}\n})` : `fetch(${url})`
  return `const answer = await ${call}\nconsole.log(await answer.text())`
}

function python({ method, path, body, shows }: Call): string {
  const headers = [
    shows === 'key' && '"X-API-Key": os.environ["KEY"]',
    shows === 'token' && '"Authorization": f"Bearer {os.environ[\'TOKEN\']}"',
    body !== undefined && '"Content-Type": "application/json"'
  ].filter(Boolean)
  const given = [
    `    f"{os.environ['CARREL']}${filled(path, (name) => `{os.environ['${name}']}`)}"`,
    `    method="${method}"`,
    headers.length > 0 && `    headers={${headers.join(', ')}}`,
    body !== undefined && `    data=${JSON.stringify(JSON.stringify(body))}.encode()`
  ].filter(Boolean)
  const lines = [
    'import os',
    'from urllib.request import Request, urlopen',
    '',
    `request = Request(\n${given.join(',\n')}\n)`
  ]
  return [...lines, 'print(urlopen(request).read().decode())'].join('\n')
}
