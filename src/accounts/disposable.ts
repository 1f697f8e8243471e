import { disposableEmailBlocklistSet } from 'disposable-email-domains-js'

let domains: Set<string> | undefined

/** Whether the address is at a throw-away provider, or at a host under one. */
export function isDisposable(email: string): boolean {
  domains ??= disposableEmailBlocklistSet()
  const labels = email.slice(email.lastIndexOf('@') + 1).split('.')
  return labels.some((_, index) => (domains as Set<string>).has(labels.slice(index).join('.')))
}
