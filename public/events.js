/** The events of a response, each as it comes. */
export async function* eventsOf(body) {
  let held = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    held += text
    const blocks = held.split('\n\n')
    held = blocks.pop()
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (event && data) yield { event, data: JSON.parse(data) }
    }
  }
}
