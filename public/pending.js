/** A pressed button says that something is happening, and a second press does nothing. */
export function pendingButtons(page) {
  page.addEventListener('submit', (event) => {
    if (event.target.dataset.pending) return event.preventDefault()
    event.target.dataset.pending = 'yes'
    event.submitter?.setAttribute('aria-busy', 'true')
  })
  // A page that comes back from the history is ready again.
  addEventListener('pageshow', () => {
    for (const form of page.querySelectorAll('form[data-pending]')) delete form.dataset.pending
    for (const button of page.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy')
  })
}
