import { TooMany } from '../../errors.ts'

/** Lets each person do so much at once and no more; what one of them waits for keeps nobody else from anything. */
export function soManyEach(most: number, refusal: string) {
  const running = new Map<string, number>()

  return async <Result>(whom: string, work: () => Promise<Result>): Promise<Result> => {
    const before = running.get(whom) ?? 0
    if (before >= most) throw new TooMany({ message: refusal, retryAfter: 10 })
    running.set(whom, before + 1)
    try {
      return await work()
    } finally {
      const left = (running.get(whom) as number) - 1
      if (left > 0) running.set(whom, left)
      else running.delete(whom)
    }
  }
}
