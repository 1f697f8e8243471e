/** Puts a "Show" button beside every password. */
export function showPasswords(part) {
  for (const input of part.querySelectorAll('input[type=password]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button plain small'
    button.setAttribute('aria-controls', input.id)
    const box = document.createElement('span')
    box.className = 'shown'
    input.replaceWith(box)
    box.append(input, button)

    const say = () => {
      const hidden = input.type === 'password'
      button.textContent = hidden ? 'Show' : 'Hide'
      button.setAttribute('aria-label', hidden ? 'Show password' : 'Hide password')
    }
    button.addEventListener('click', () => {
      input.type = input.type === 'password' ? 'text' : 'password'
      say()
      input.focus()
    })
    input.form?.addEventListener('submit', () => {
      input.type = 'password'
    })
    say()
  }
}
