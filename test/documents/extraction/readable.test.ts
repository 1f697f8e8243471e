import fc from 'fast-check'
import t from 'tap'
import { readableFrom } from '../../../src/documents/extraction/inside/readable.ts'
import { webSite } from '../../support/web-site.ts'

const url = 'https://owls.example/stories/night.html'
const sentence = 'Owls hunt at night, when mice are about, and hear far better than they see, which takes patience. '
const paragraph = `<p>${sentence.repeat(4)}</p>`
const article = `<article><h2>How owls hunt</h2>${paragraph.repeat(4)}<p>The end of the story.</p></article>`
const menu = '<nav><ul><li><a href="/a">All stories</a><li><a href="/b">Shop for owls</a></ul></nav>'
const page = (body: string, head = '') =>
  `<!doctype html><html><head><title>Night</title>${head}</head><body>${body}</body></html>`
const read = (html: string) => readableFrom(html, url)

t.test('an article is read without what stands around it', async (t) => {
  const found = read(page(`${menu}${article}<footer>Imprint</footer><script>var spy = 1</script>`))
  t.equal(found?.title, 'Night')
  t.match(found?.html, 'How owls hunt')
  t.match(found?.html, 'The end of the story.')
  t.notMatch(found?.html, /All stories|Shop for owls|Imprint|spy/)
})

t.test('an article is found where its page leaves tags to the browser', async (t) => {
  const pages = [
    `<!doctype html><title>Night</title>${menu}${article}`,
    `<title>Night</title><body>${menu}${article}`,
    `<html><head><title>Night</title></head>${menu}${article}</html>`,
    `<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Night</title></head><body>${article}</body></html>`,
    `<title>Night</title><div>${sentence.repeat(9)}<br><br>${sentence.repeat(9)}The end of the story.</div>`,
    `<title>Night</title><p>${sentence.repeat(9)}<p>${sentence.repeat(9)}<p>The end of the story.`
  ]
  for (const html of pages) {
    const found = read(html)
    t.equal(found?.title, 'Night', html.slice(0, 60))
    t.match(found?.html, 'The end of the story.')
    t.notMatch(found?.html, 'Shop for owls')
  }
  t.notOk('title' in (read(article) ?? { title: '' }))
})

t.test('links lead where they led', async (t) => {
  const linked = article.replace(
    'The end',
    '<a href="../next.html?a=1">The end</a> <a href="#note">1</a> <a href="javascript:spy()">x</a>'
  )
  t.match(read(page(linked))?.html, 'href="https://owls.example/next.html?a=1"')
  t.match(read(page(linked))?.html, 'href="#note"')
  t.notMatch(read(page(linked))?.html, 'javascript:')
  t.match(read(page(linked, '<base href="/other/place/">'))?.html, 'href="https://owls.example/other/next.html?a=1"')
  t.match(read(page(linked, '<base href="http://[">'))?.html, 'href="https://owls.example/next.html?a=1"')
})

t.test('a page without an article is left to be read whole', async (t) => {
  const pages = {
    nothing: '',
    text: sentence,
    comment: '<!-- owls -->',
    menus: page(menu.repeat(40)),
    'a short note': page(`${menu}<p>The key is under the mat.</p>`),
    frames: '<html><frameset><frame src="a"></frameset></html>',
    table: page(`<table>${'<tr><td>Owl<td>night'.repeat(200)}</table>`),
    hidden: page(`<div hidden>${article}</div>`)
  }
  for (const [name, html] of Object.entries(pages)) t.equal(read(html), undefined, name)
})

t.test('no article is taken for the page where much of the text would be lost', async (t) => {
  const notes = `<ul class="sidebar">${`<li>${sentence}</li>`.repeat(20)}</ul>`
  t.equal(read(page(`${article}${notes}`)), undefined)
  t.ok(read(page(`${article}<aside>${notes}</aside>`)))
  t.ok(read(page(`${article}<p>${`<a href="/x">${sentence}</a> `.repeat(40)}</p>`)))
})

t.test('a page that is made to be slow is left to be read whole', async (t) => {
  const pages = {
    nested: '<div>'.repeat(100_000) + article,
    'nested by half': `${'<b id=1><i id=2>'.repeat(300)}${article}`,
    crowded: '<i></i>'.repeat(200_000) + article,
    multiplied: Array.from({ length: 400 }, (_, id) => `<b id=${id}>`).join('') + '<div>x</div>'.repeat(5000)
  }
  for (const [name, html] of Object.entries(pages)) t.equal(read(html), undefined, name)
  t.ok(read(`${'<div>'.repeat(400)}${article}`))
  const stretched = read(page(article.replace('The end', `<a href="/${'A'.repeat(50_000)}" rel="next">The end</a>`)))
  t.match(stretched?.html, '<a rel="next">The end</a>')
})

t.test('whatever a page is made of, reading it throws nothing', async (t) => {
  const names = [
    'p',
    'div',
    'article',
    'br',
    'a',
    'table',
    'tr',
    'td',
    'b',
    'svg',
    'style',
    'script',
    'template',
    'base',
    'meta',
    'title',
    'h1',
    'body',
    'head',
    'html',
    'frameset',
    'select',
    'math',
    'noscript',
    'object',
    'img',
    'plaintext'
  ]
  const attributes = [
    '',
    ' class="comment article"',
    ' id=x',
    ' href="http://["',
    ' style="display:none"',
    ' name=author content=x',
    ' property="og:title" content="x"',
    ' src',
    ' role=dialog',
    ' itemprop="author name"'
  ]
  const tag = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...attributes))
    .map(([name, said]) => `<${name}${said}>`)
  const piece = fc.oneof(
    tag,
    fc.constantFrom(...names).map((name) => `</${name}>`),
    fc.constantFrom(
      sentence,
      paragraph,
      article,
      '<',
      '&',
      '<!--',
      '-->',
      ']]>',
      '<![CDATA[',
      '\0',
      '{"@context":"https://schema.org"}'
    )
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(url, 'x', ''), (pieces, from) => {
      const found = readableFrom(pieces.join(''), from)
      return found === undefined || found.html.length > 0
    }),
    { numRuns: 500 }
  )
  t.pass('no counterexample')
})

t.test('reading a page asks nobody for anything', async (t) => {
  const site = await webSite(t, (_, response) => void response.end())
  const wanted = `<img src="${site.url}/1"><iframe src="${site.url}/2"></iframe><script src="${site.url}/3"></script>`
  const asking = `<link rel="stylesheet" href="${site.url}/4"><script>fetch('${site.url}/5')</script>`
  t.ok(read(page(`${wanted}${article}`, asking)))
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(site.connections(), 0)
})
