/** The server's rules travel in the fields themselves: required, lengths, pattern, and the words for it. */
function complaint(input) {
  const value = input.type === 'password' ? input.value : input.value.trim()
  const length = [...value].length
  if (value === '') return input.required ? input.dataset.says : ''
  if (input.minLength > 0 && length < input.minLength) return `${input.minLength - length} more to go.`
  const wrong = input.pattern && !new RegExp(input.pattern, 'u').test(value)
  return wrong ? input.dataset.says : ''
}

function say(input) {
  const error = document.getElementById(`${input.id}-error`)
  if (!error) return
  const text = complaint(input) ?? ''
  error.textContent = text
  error.hidden = text === ''
  if (text) input.setAttribute('aria-invalid', 'true')
  else input.removeAttribute('aria-invalid')
}

let pressed = false
addEventListener('pointerdown', () => (pressed = true), true)
addEventListener('pointerup', () => (pressed = false), true)

/** Never while a button is being pressed: a message that appears then would move the button away from the pointer. */
function sayOnceReleased(input) {
  if (pressed) addEventListener('click', () => say(input), { once: true })
  else say(input)
}

/** Complains once a field has been left, and takes it back as soon as it is right. The server has the last word. */
export function liveHints(part) {
  for (const input of part.querySelectorAll('.field input[data-says]')) {
    input.addEventListener('change', () => sayOnceReleased(input))
    input.addEventListener('input', () => {
      const hint = document.getElementById(`${input.id}-hint`)
      if (input.minLength > 0) hint?.classList.toggle('met', complaint(input) === '')
      if (input.getAttribute('aria-invalid') === 'true') say(input)
    })
  }
}
