const codes = new Set(['23505', 'SQLITE_CONSTRAINT_UNIQUE'])

/** Somebody was quicker with what there may be only once, whatever a look beforehand had said. */
export const isTaken = (error: unknown) => codes.has((error as { code?: string } | null)?.code ?? '')
