/** A "Copy" button beside a text that is there to be passed on. */
export function copyButtons(part) {
  for (const box of part.querySelectorAll('.copy')) {
    const input = box.querySelector('input')
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button small'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      input.select()
      await navigator.clipboard?.writeText(input.value)
      button.textContent = 'Copied'
    })
    box.append(button)
  }
}
