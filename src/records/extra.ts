/** What a client sent under names that nobody declared: it is kept and returned. */
export function extraOf(values: object, declared: ReadonlySet<string>): Record<string, unknown> {
  const undeclared = Object.keys(values).filter((key) => !declared.has(key))
  return Object.fromEntries(undeclared.map((key) => [key, (values as Record<string, unknown>)[key]]))
}
