/** It is counted as one request, so it may not stand for many. */
const mostInBatch = 10
/** Later versions know no batches; whoever names none speaks this one. */
const lastWithBatches = '2025-03-26'
const invalidRequest = -32600

function whyNot(batch: unknown[], version: unknown = lastWithBatches): string | undefined {
  if (version !== lastWithBatches) return 'This version of the protocol takes one message at a time.'
  if (batch.length === 0) return 'There is nothing in this batch.'
  if (batch.length > mostInBatch) return `Send at most ${mostInBatch} messages at a time.`
}

/** The answer to several messages at once that are not to be read; undefined where they may be. */
export function refusedBatch(body: unknown, version: unknown): Response | undefined {
  const message = Array.isArray(body) && whyNot(body, version)
  if (!message) return undefined
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: invalidRequest, message } }, { status: 400 })
}
