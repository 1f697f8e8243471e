/** A "Copy" button on every piece of code in an answer. */
export function copyCode(part) {
  for (const code of part.querySelectorAll('.answer pre')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button plain small'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      await navigator.clipboard?.writeText(code.textContent)
      button.textContent = 'Copied'
    })
    const box = document.createElement('div')
    box.className = 'code'
    code.replaceWith(box)
    box.append(code, button)
  }
}
