import t from 'tap'
import { render } from '../../src/chats/markdown.ts'
import { growingHtml } from '../../src/chats/streaming/growing-html.ts'
import { settled } from '../../src/chats/streaming/settled.ts'

const asHtml = (markdown: string) => render(markdown, { citations: (n) => `#source-${n}` })

/** What a page has shown once it was told a text in steps of so many characters. */
function grown(markdown: string, step: number) {
  const growing = growingHtml()
  let page = ''
  for (let end = step; end < markdown.length; end += step) page += growing.more(markdown.slice(0, end), asHtml)
  return { before: page, end: growing.end(asHtml(markdown)) }
}

const answers = {
  'plain sentences': 'The landlord pays for repairs. You must report the fault.\n\nHeating is urgent in winter.',
  'citations and quotes': 'The lease says “keep in repair” [1]. It \\[2\\] is due\\. [1][3] See [2].',
  'emphasis, strong words and code':
    'This is *very* important, and **so is this**, as `code` is; 2 * 3 * 4 and snake_case_names.',
  'emphasis that never ends': 'A star * alone, and another *one without end.\n\nThe next paragraph.',
  'links, whole and broken': 'Look at [the page](https://example.com/a_b) or [this](nowhere and [that].',
  'a list, and one with empty lines':
    'First:\n\n- one\n- two [1]\n\n- three\n\nThen:\n1. first\n2. second\n\n   more of it',
  'headings and rules': '# Title\n\nText\n---\n\n## Second\nmore\n===\n\n---\n\nend',
  'a table': 'Before\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter | that',
  'code with empty lines': 'Do this:\n\n```js\nconst a = 1\n\n\nconst b = "*"\n```\n\nand then `that`.',
  'code without an end': 'Do this:\n\n```\nfirst\nsecond\n',
  'code with backticks in it, and broken lines': 'See `a``b` and ``c ` d``.\\\nNext  \nlast `(``\n[`.',
  'code that is known by its indent': 'Do this:\n\n\tconst “a” = *1\n\n    two - *three*\n\nend',
  'quoted lines': '> said one\n> said two\n\nand a reply > this',
  'numbers that begin a line': 'In the year\n1984. It was.\n-\nnothing\n- item',
  'other scripts': '東京は日本の首都です。[1] 人口は多い。\n\nמה שלום **עולם** ושוב.',
  'what looks like HTML': '<script>alert(1)</script> & <b>bold</b> &amp; done <https://example.com> end'
}

for (const [what, markdown] of Object.entries(answers)) {
  t.test(`${what}: bit by bit it comes to the same as at once`, async (t) => {
    for (const step of [1, 2, 3, 7, 20]) {
      const { before, end } = grown(markdown, step)
      t.equal(end === undefined ? undefined : before + end, asHtml(markdown), `${step} at a time`)
    }
  })
}

t.test('words are shown before the paragraph ends', async (t) => {
  const growing = growingHtml()
  t.equal(growing.more('The landlord pa', asHtml), '<p>The landlord')
  t.equal(growing.more('The landlord pays the **bill', asHtml), ' pays the')
  t.equal(growing.more('The landlord pays the **bill** soon', asHtml), ' <strong>bill')
  t.equal(growing.end(asHtml('The landlord pays the **bill** soon.')), '</strong> soon.</p>\n')
})

t.test('what breaks off is closed', async (t) => {
  for (const markdown of ['- one **two** ', '> a\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n', 'See [1] ', '```\na\n']) {
    const growing = growingHtml()
    t.equal(growing.more(markdown, asHtml) + growing.close(), asHtml(settled(markdown)))
    growing.end(asHtml(settled(markdown)))
    t.equal(growing.close(), '')
  }
})

t.test('what is not sure yet is held back', async (t) => {
  t.equal(settled('See [the pa'), 'See ')
  t.equal(settled('One\n\n| a | b |\n|--'), 'One\n\n')
  t.equal(settled('Code:\n\n```js\nconst a = 1\nconst'), 'Code:\n\n```js\nconst a = 1\n')
  t.equal(settled('Text\n- '), 'Text')
})
