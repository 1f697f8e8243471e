/** Numbers that look random and are the same every time. */
export function seeded(seed: number) {
  let state = seed >>> 0
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Random = ReturnType<typeof seeded>

export const cut = (content: Buffer, random: Random) => content.subarray(0, 1 + random(content.length - 1))

/** A few bits turned over. */
export function flipped(content: Buffer, random: Random): Buffer {
  const damaged = Buffer.from(content)
  for (let times = 1 + random(12); times > 0; times -= 1) {
    const at = random(damaged.length)
    damaged[at] = (damaged[at] as number) ^ (1 << random(8))
  }
  return damaged
}
