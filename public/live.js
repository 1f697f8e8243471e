const every = 1500

/** Shows how far the reading of documents has come, until all of them are read. */
export function liveParts(page, improve) {
  const part = page.querySelector('[data-live]')
  if (!part) return
  setTimeout(async () => {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined)
    if (answer?.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(part.id)
      if (fresh) {
        part.replaceWith(page.adoptNode(fresh))
        improve(fresh)
      }
    }
    liveParts(page, improve)
  }, every)
}
