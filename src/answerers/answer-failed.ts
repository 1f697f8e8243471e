const words = {
  unreachable: 'The model server could not be reached.',
  refused: 'The model server refused the key.',
  unknown: 'The model server does not know the model.',
  busy: 'The model server has too much to do, or its allowance is used up.',
  long: 'The question and its passages are too long for the model.',
  rejected: 'The model server did not take the question.',
  down: 'The model server failed.',
  late: 'The model did not answer in time.',
  broken: 'The model stopped in the middle of its answer.',
  garbled: 'The model server sent something that is not an answer.',
  cut: 'The model ran out of room before the end of its answer.',
  withheld: 'The model server held its answer back.',
  empty: 'The model gave an empty answer.'
}

export type Reason = keyof typeof words

/**
 * Why there is no answer, or only half of one, in words for the chat. It carries nothing of what the server sent, which
 * may hold the key, and of the error only the status.
 */
export class AnswerFailed extends Error {
  readonly reason: Reason
  readonly status: number | undefined

  constructor(reason: Reason, status?: number) {
    super(words[reason])
    this.name = 'AnswerFailed'
    this.reason = reason
    this.status = status
  }

  /** Whether the same question may fare better a moment later. */
  get passing(): boolean {
    return ['unreachable', 'busy', 'down', 'garbled', 'empty'].includes(this.reason)
  }
}

const tooLong = /context.{0,20}(?:length|window|size)|too (?:long|large|many tokens)|maximum.{0,30}tokens/i

function reasonOf(status: number, said: string): Reason {
  if (status === 413 || (status !== 429 && tooLong.test(said))) return 'long'
  if (status === 401 || status === 403) return 'refused'
  if (status === 404) return 'unknown'
  if (status === 408) return 'late'
  if (status === 429) return 'busy'
  return status >= 500 ? 'down' : 'rejected'
}

type Thrown = { status?: number; message?: string }

const neverConnected = /^(?:Connection error|Request timed out|fetch failed)/

/** What went wrong while the model's server was asked. */
export function failureOf(error: unknown): AnswerFailed {
  if (error instanceof AnswerFailed) return error
  if (error instanceof SyntaxError) return new AnswerFailed('garbled')
  const { status, message = '' } = (error ?? {}) as Thrown
  if (neverConnected.test(message)) return new AnswerFailed('unreachable')
  return new AnswerFailed(reasonOf(status ?? 500, message), status)
}
