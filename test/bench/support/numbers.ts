const sorted = (values: number[]) => [...values].sort((a, b) => a - b)

/** The value that this share of all values is not above. */
export function quantile(values: number[], share: number): number {
  const order = sorted(values)
  return order[Math.min(order.length - 1, Math.ceil(order.length * share) - 1)] ?? Number.NaN
}

export function median(values: number[]): number {
  const order = sorted(values)
  const middle = order.length / 2
  return ((order[Math.ceil(middle) - 1] ?? Number.NaN) + (order[Math.floor(middle)] ?? Number.NaN)) / 2
}

/** The median distance from the median: how much a round usually differs from the others. */
export function deviation(values: number[]): number {
  const middle = median(values)
  return median(values.map((value) => Math.abs(value - middle)))
}

export const ratios = (over: number[], under: number[]) => over.map((value, at) => value / (under[at] as number))

/** A row about something that was measured every round: its median, and all that is known of its noise. */
export function spread(values: number[], digits: number): string[] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return [median(values).toFixed(digits), `±${deviation(values).toFixed(digits)}`].concat(
    `${low.toFixed(digits)}..${high.toFixed(digits)}`
  )
}

export type Target = { is: 'at most' | 'at least'; value: number }

/** As `spread`, with what it should be and whether it is; the median decides. */
export function judged(values: number[], digits: number, { is, value }: Target): string[] {
  const middle = median(values)
  const met = is === 'at most' ? middle <= value : middle >= value
  return [...spread(values, digits), `${is} ${value}`, met ? 'met' : 'MISSED']
}
