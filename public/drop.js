/** Lets files be dropped onto the form that takes them, instead of chosen one by one. */
export function dropZones(part) {
  for (const form of part.querySelectorAll('form[data-drop]')) {
    const input = form.querySelector('input[type=file]')
    const dropping = (is) => (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      form.classList.toggle('dropping', is)
    }
    form.addEventListener('dragover', dropping(true))
    form.addEventListener('dragleave', dropping(false))
    form.addEventListener('drop', (event) => {
      dropping(false)(event)
      if (!event.dataTransfer?.files.length) return
      input.files = event.dataTransfer.files
      input.dispatchEvent(new Event('change', { bubbles: true }))
    })
  }
}
