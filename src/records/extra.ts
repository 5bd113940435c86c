/** What a client sent under names that nobody declared: it is kept and returned. */
export function extraOf(values: object, declared: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !declared.has(key)))
}
