/** A "Copy" button beside a text that is there to be passed on. */
export function copyButtons(part) {
  for (const box of part.querySelectorAll('.copy')) {
    const input = box.querySelector('input')
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button small'
    const what = document.createElement('span')
    what.className = 'unseen'
    what.textContent = ` ${input.labels[0]?.textContent ?? input.ariaLabel}`
    button.append('Copy', what)
    button.addEventListener('click', async () => {
      input.select()
      await navigator.clipboard?.writeText(input.value)
      button.textContent = 'Copied'
    })
    box.append(button)
  }
}
