const references = ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls']

/** The page may hold the very form that the dialog adopts, so the dialog's has ids of its own. Names stay. */
function withOwnIds(form) {
  const own = (ids) => ids.replaceAll(/\S+/g, 'dialog-$&')
  for (const element of [form, ...form.querySelectorAll('*')]) {
    for (const name of ['id', ...references]) {
      if (element.hasAttribute(name)) element.setAttribute(name, own(element.getAttribute(name)))
    }
    const target = element.getAttribute('href')
    if (target?.startsWith('#')) element.setAttribute('href', `#${own(target.slice(1))}`)
  }
  return form
}

/**
 * Opens the sign-in form where one is, instead of on a page of its own. The forms are those of /login and /register,
 * fetched from there, so there is only one of each. Without command buttons the link stays a link, and so it does on
 * the sign-in page.
 */
export function signInDialog(page, improve) {
  const dialog = page.querySelector('dialog#sign-in')
  const link = page.querySelector('[data-opens-dialog]')
  if (!dialog || !link || !('commandForElement' in HTMLButtonElement.prototype)) return
  if (page.querySelector('main form[action="/login"]')) return

  async function show(address) {
    const response = await fetch(address, { headers: { accept: 'text/html' } })
    const form = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main .card')
    if (!response.ok || !form) throw new Error(`${address} has no form`)
    dialog.replaceChildren(withOwnIds(document.adoptNode(form)), closeButton())
    dialog.setAttribute('aria-label', form.querySelector('h1').textContent)
    improve(dialog)
    dialog.querySelector('input:not([type=hidden])')?.focus()
  }

  function closeButton() {
    const button = document.createElement('button')
    Object.assign(button, { type: 'button', className: 'close', textContent: '✕', commandForElement: dialog })
    button.setAttribute('command', 'close')
    button.setAttribute('aria-label', 'Close')
    return button
  }

  const button = document.createElement('button')
  Object.assign(button, { type: 'button', className: link.className, textContent: link.textContent })
  Object.assign(button, { commandForElement: dialog })
  button.setAttribute('command', 'show-modal')
  button.setAttribute('aria-haspopup', 'dialog')
  link.replaceWith(button)

  const follow = (address) => show(address).catch(() => location.assign(address))
  dialog.addEventListener('beforetoggle', (event) => {
    if (event.newState === 'open') void follow(link.getAttribute('href'))
    else dialog.replaceChildren()
  })
  dialog.addEventListener('click', (event) => {
    const inside = event.target.closest('a[href^="/login"], a[href^="/register"]')
    if (event.target === dialog) dialog.close()
    if (!inside || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void follow(inside.getAttribute('href'))
  })
}
