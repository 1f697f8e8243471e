/** Says every time in the reader's own time zone, in the words of the server, so that nothing moves. */
export function ownTimes(part) {
  for (const time of part.querySelectorAll('time')) {
    const moment = new Date(time.dateTime)
    const day = moment.toLocaleDateString('en-GB', { dateStyle: 'long' })
    const clock = moment.toLocaleTimeString('en-GB', { timeStyle: 'short' })
    time.textContent = time.textContent.includes(':') ? `${day}, ${clock}` : day
  }
}
