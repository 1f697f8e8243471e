const shortest = 3
const longest = 28

/** A username from an email's local part, in the letters a username may have. */
export function usernameFrom(email: string): string {
  const local = (email.split('@')[0] ?? '').normalize('NFKD').toLowerCase()
  const kept = local.replaceAll(/[^a-z0-9._-]/g, '').slice(0, longest)
  return kept.length >= shortest ? kept : `reader${kept}`
}

/** The wish itself, then the wish with a number behind it, until one is free. */
export function* candidates(wish: string, random: () => number = Math.random) {
  yield wish
  for (let number = 2; number <= 9; number += 1) yield `${wish}${number}`
  for (let tries = 0; tries < 50; tries += 1)
    yield `${wish.slice(0, 25)}${Math.floor(random() * 9_000_000) + 1_000_000}`
}
