/**
 * Opens the sign-in form where one is, instead of on a page of its own. The forms are those of /login and /register,
 * fetched from there, so there is only one of each. Without command buttons the link stays a link.
 */
export function signInDialog(page, improve) {
  const dialog = page.querySelector('dialog#sign-in')
  const link = page.querySelector('[data-opens-dialog]')
  if (!dialog || !link || !('commandForElement' in HTMLButtonElement.prototype)) return

  async function show(address) {
    const response = await fetch(address, { headers: { accept: 'text/html' } })
    const form = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main .card')
    if (!response.ok || !form) throw new Error(`${address} has no form`)
    dialog.replaceChildren(document.adoptNode(form), closeButton())
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
  const alreadyHere = page.querySelector('main form[action="/login"]')
  dialog.addEventListener('beforetoggle', (event) => {
    if (event.newState === 'open') void follow('/login')
    else dialog.replaceChildren()
  })
  dialog.addEventListener('click', (event) => {
    const inside = event.target.closest('a[href^="/login"], a[href^="/register"]')
    if (event.target === dialog) dialog.close()
    if (!inside || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void follow(inside.getAttribute('href'))
  })
  if (alreadyHere) button.remove()
}
