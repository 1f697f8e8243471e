/** Lets files be dropped onto the form that takes them, instead of chosen one by one. */
export function dropZones(part) {
  for (const form of part.querySelectorAll('form[data-drop]')) {
    const input = form.querySelector('input[type=file]')
    const over = (is) => (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      form.classList.toggle('over', is)
    }
    form.addEventListener('dragover', over(true))
    form.addEventListener('dragleave', over(false))
    form.addEventListener('drop', (event) => {
      over(false)(event)
      if (!event.dataTransfer?.files.length) return
      input.files = event.dataTransfer.files
      input.dispatchEvent(new Event('change', { bubbles: true }))
    })
  }
}
