/** What has the same name is done in the order it came, each when the one before is over. */
export function turnsByName() {
  const last = new Map<string, Promise<unknown>>()

  return <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work)
    last.set(name, turn)
    const leave = () => last.get(name) === turn && last.delete(name)
    turn.then(leave, leave)
    return turn
  }
}
