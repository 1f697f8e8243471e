const steps = ['GET', 'POST', 'PATCH', 'DELETE']
/** These end sessions, the last of them the one they are asked with. */
const atTheEnd = ['/api/v1/auth/password', '/api/v1/auth/logout']
/** What is read before what is changed, what is changed before what is deleted, and what is within first. */
export const inTurn = <One extends { method: string; path: string }>(operations: One[]) =>
  operations
    .filter(({ path }) => !atTheEnd.includes(path))
    .sort((a, b) => steps.indexOf(a.method) - steps.indexOf(b.method) || (`${a.path}~` < `${b.path}~` ? -1 : 1))
    .concat(atTheEnd.flatMap((path) => operations.filter((operation) => operation.path === path)))
