import { globSync, readFileSync } from 'node:fs'
import t from 'tap'

const read = (file: string) => readFileSync(file, 'utf8')
const readme = read('README.md')

t.test('every setting stands in the README and in .env.example', async (t) => {
  const code = read('src/config.ts')
  const named = [...code.matchAll(/setting\(\s*'([A-Z0-9_]+)'/g)].map(([, name]) => name)
  const awaited = [...code.slice(code.indexOf('awaited = ['), code.indexOf('as const')).matchAll(/'([A-Z0-9_]+)'/g)]
  const settings = [...new Set([...named, ...awaited.map(([, name]) => name)])]
  t.ok(settings.length > 30)
  for (const setting of settings) {
    t.match(readme, `\`${setting}\``, `README has ${setting}`)
    t.match(read('.env.example'), `#${setting}=`, `.env.example has ${setting}`)
  }
})

t.test('every command stands in the README', async (t) => {
  const { scripts } = JSON.parse(read('package.json'))
  for (const name of Object.keys(scripts).filter((script) => !script.startsWith('pre'))) {
    t.match(readme, new RegExp(`npm (run )?${name}\\b`), `README has ${name}`)
  }
})

t.test('routes build no queries', async (t) => {
  for (const file of globSync('src/*/*{pages,api}.ts')) {
    t.notMatch(read(file), /selectFrom|insertInto|updateTable|deleteFrom/, file)
  }
})

t.test('views hold no inline script or style, and print nothing unescaped', async (t) => {
  for (const file of globSync('views/**/*.njk')) {
    // What our own sanitiser has made is the one thing that is printed as it is.
    const view = read(file).replaceAll('{{ answer.html | safe }}', '')
    t.notMatch(view, /\sstyle=|<style|<script(?! type="module" src)|\son\w+=|\| *safe/, file)
  }
})

t.test('a form names exactly the fields that it shows', async (t) => {
  const named = (list = '') => [...list.matchAll(/'(\w+)'/g)].map(([, name]) => name)
  const shown = (view: string) => [...view.matchAll(/\b(?:field|area|error)\('(\w+)'/g)].map(([, name]) => name)
  const macros = read('views/_form.njk')
  t.same(named(/ofPerson = (.+) %}/.exec(macros)?.[1]), shown(macros.slice(macros.indexOf('macro person'))))

  const withParts = (view: string) => view.replace(/{% include "(.+?)" %}/g, (_, part) => read(`views/${part}`))
  const forms = globSync('views/*/*.njk').map((file) => withParts(read(file)))
  const lists = forms.flatMap((view) =>
    [...view.matchAll(/form\.refused\((.*)\)/g)].map(([, list]) => ({ view, list }))
  )
  t.ok(lists.length > 5)
  for (const { view, list } of lists) {
    if (list === 'form.ofPerson') t.match(view, 'form.person()')
    else t.same(named(list), shown(view))
  }
})

t.test('every form sends a field, because lynx sends one without any as GET', (t) => {
  const forms = globSync('views/**/*.njk').flatMap((file) =>
    [...read(file).matchAll(/<form[^>]*method="post".*?<\/form>/gs)].map(([form]) => ({ file, form }))
  )
  t.ok(forms.length > 40)
  for (const { file, form } of forms) t.match(form, /<(?:input|textarea|select)\b|{{ form\.|name="/, file)
  t.end()
})

t.test('transactions begin in one place, where reaching around them throws', async (t) => {
  const files = globSync('src/**/*.ts').filter((file) => read(file).includes('.transaction()'))
  t.same(files, ['src/database/open.ts'])
})

t.test('only the server and the commands touch the process', async (t) => {
  const files = globSync('src/**/*.{ts,cjs}').filter((file) =>
    /\bprocess\.(env|argv|exit|on|once|std|cwd|kill)/.test(read(file))
  )
  // The reference shows programs that read theirs.
  for (const file of files) t.match(file, /^src\/(server\.ts|commands\/|reference\/snippets\.ts)/)
})
