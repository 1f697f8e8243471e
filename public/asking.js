import { eventsOf } from './events.js'

const asHtml = (html) => document.createRange().createContextualFragment(html)

/** Asks in the open page, where the answer appears as it is written; should that fail, the page is loaded anew. */
export function askInPlace(page, improve) {
  page.addEventListener('submit', async (event) => {
    const form = event.target
    const list = document.getElementById(form.dataset.asks ?? '')
    if (event.defaultPrevented || !list || !form.elements.question.value.trim()) return
    event.preventDefault()
    const body = new URLSearchParams(new FormData(form))
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/event-stream' } }).catch(
      () => undefined
    )
    // What is refused is told beside its field, which the form does by itself.
    if (!answer?.ok || !answer.headers.get('content-type')?.startsWith('text/event-stream')) return form.submit()
    form.elements.question.value = ''
    ready(form)
    await showAnswer(answer, list, improve).catch(() => location.reload())
  })
}

function ready(form) {
  delete form.dataset.pending
  form.querySelector('[aria-busy]')?.removeAttribute('aria-busy')
}

async function showAnswer(answer, list, improve) {
  let article
  let over = false
  for await (const { event, data } of eventsOf(answer.body)) {
    const box = event === 'answer' && article.querySelector('.answer')
    if (box) box.innerHTML = data.html
    else if (data.html && event !== 'answer') {
      const fresh = asHtml(data.html).firstElementChild
      if (article) article.replaceWith(fresh)
      else list.append(fresh)
      article = fresh
      improve(article)
    }
    if (event === 'exchange') article.scrollIntoView({ block: 'start' })
    over = event === 'done'
  }
  if (!over) throw new Error('The answer broke off.')
}
