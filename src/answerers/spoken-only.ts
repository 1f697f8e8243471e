const opening = '<think>'
const closing = '</think>'

/** Some models think aloud before they answer, between marks of their own. That is not part of the answer. */
export async function* spokenOnly(words: AsyncIterable<string>): AsyncGenerator<string> {
  let held: string | undefined = ''
  for await (const some of words) {
    if (held === undefined) {
      yield some
      continue
    }
    held += some
    const start = held.trimStart()
    if (opening.startsWith(start)) continue
    if (start.startsWith(opening)) {
      const end = held.indexOf(closing)
      if (end < 0) continue
      held = held.slice(end + closing.length).trimStart()
      if (!held) {
        held = ''
        continue
      }
    }
    yield held
    held = undefined
  }
  if (held && !held.trimStart().startsWith(opening)) yield held
}
