import { outsideName, type Tongue, written } from './written.ts'

export type Call = {
  method: string
  /** With what comes from outside in braces. */
  address: string
  body?: unknown
  /** The fields of a form with files, where one may be sent. */
  form?: string[]
  /** Under which name the answer is to be kept, where it is a file. */
  saves?: string
  /** What it shows of who asks. */
  shows: 'nothing' | 'key' | 'token'
}

const filled = (address: string, place: (name: string) => string) =>
  address.replaceAll(/\{(\w+)\}/g, (_, name) => place(outsideName(name)))

const json = { true: 'true', false: 'false', null: 'null' }
const shell: Tongue = {
  text: (value) => JSON.stringify(value).replaceAll("'", `'\\''`),
  words: json,
  outside: (name) => `"'"$${name}"'"`
}
const script: Tongue = { text: (value) => JSON.stringify(value), words: json, outside: (name) => `process.env.${name}` }
const snake: Tongue = {
  text: script.text,
  words: { true: 'True', false: 'False', null: 'None' },
  outside: (name) => `os.environ["${name}"]`
}

const credential = { nothing: [], key: ['-H "X-API-Key: $KEY"'], token: ['-H "Authorization: Bearer $TOKEN"'] }

function curl({ method, address, saves, shows }: Call, more: string[]): string {
  const verb = method === 'GET' ? '' : ` -X ${method}`
  const first = `curl${verb} "$CARREL${filled(address, (name) => `$${name}`)}"`
  const lines = [first, ...credential[shows], ...more, ...(saves ? [`-o ${saves}`] : [])]
  return lines.join(' \\\n  ')
}

function curlWithJson(call: Call): string {
  const { body } = call
  return curl(
    call,
    body === undefined ? [] : ['-H "Content-Type: application/json"', `-d '${written(body, shell, '  ')}'`]
  )
}

const curlWithFiles = (call: Call) =>
  curl(
    call,
    (call.form ?? []).map((field) => (field === 'file' ? '-F "file=@$FILE"' : `-F "${field}=$${outsideName(field)}"`))
  )

function javascript({ method, address, body, saves, shows }: Call): string {
  const headers = [
    shows === 'key' && "'X-API-Key': process.env.KEY",
    shows === 'token' && `Authorization: \`Bearer \${process.env.TOKEN}\``,
    body !== undefined && "'Content-Type': 'application/json'"
  ].filter(Boolean)
  const options = [
    method !== 'GET' && `method: '${method}'`,
    headers.length > 0 && `headers: { ${headers.join(', ')} }`,
    body !== undefined && `body: JSON.stringify(${written(body, script, '  ')})`
  ].filter(Boolean)
  const url = `\`\${process.env.CARREL}${filled(address, (name) => `\${process.env.${name}}`)}\``
  const call = options.length > 0 ? `fetch(${url}, {\n  ${options.join(',\n  ')}\n})` : `fetch(${url})`
  if (!saves) return `const answer = await ${call}\nconsole.log(await answer.text())`
  const save = `await writeFile('${saves}', Buffer.from(await answer.arrayBuffer()))`
  return `import { writeFile } from 'node:fs/promises'\n\nconst answer = await ${call}\n${save}`
}

function python({ method, address, body, saves, shows }: Call): string {
  const headers = [
    shows === 'key' && '"X-API-Key": os.environ["KEY"]',
    shows === 'token' && '"Authorization": "Bearer " + os.environ["TOKEN"]',
    body !== undefined && '"Content-Type": "application/json"'
  ].filter(Boolean)
  const place = `${address.includes('{') ? 'f' : ''}"${filled(address, (name) => `{os.environ['${name}']}`)}"`
  const given = [
    `    os.environ["CARREL"] + ${place}`,
    `    method="${method}"`,
    headers.length > 0 && `    headers={${headers.join(', ')}}`,
    body !== undefined && `    data=json.dumps(${written(body, snake, '    ')}).encode()`
  ].filter(Boolean)
  const imports = body === undefined ? 'import os' : 'import json\nimport os'
  const request = `request = Request(\n${given.join(',\n')}\n)`
  const use = saves
    ? `with open("${saves}", "wb") as file:\n    file.write(urlopen(request).read())`
    : 'print(urlopen(request).read().decode())'
  return `${imports}\nfrom urllib.request import Request, urlopen\n\n${request}\n${use}`
}

/** Ways to call a route with what is at hand nearly everywhere. The address, who asks and ids come from outside. */
export const snippetsFor = (call: Call) => [
  { language: 'curl', code: curlWithJson(call) },
  ...(call.form ? [{ language: 'curl, with a file', code: curlWithFiles(call) }] : []),
  { language: 'JavaScript', code: javascript(call) },
  { language: 'Python', code: python(call) }
]
