/**
 * Names under which clients look for a value that is stored under another one (alias → stored name). Answers carry both;
 * an alias that comes back with a client's save is dropped again.
 */
export type Aliases = Readonly<Record<string, string>>

/** The name under which the value of `key` is stored; undefined when it is no alias, whatever all objects inherit. */
export function storedName(key: string, aliases: Aliases): string | undefined {
  return Object.hasOwn(aliases, key) ? aliases[key] : undefined
}

/** Drops each alias that only repeats the value beside it. */
export function withoutAliases(values: Record<string, unknown>, aliases: Aliases): Record<string, unknown> {
  const repeats = (alias: string) => Object.hasOwn(values, alias) && values[alias] === values[aliases[alias] as string]
  const repeated = new Set(Object.keys(aliases).filter(repeats))
  // A run has hundreds of thousands of figures, few of which have an alias.
  if (repeated.size === 0) return values
  return Object.fromEntries(Object.entries(values).filter(([key]) => !repeated.has(key)))
}

/** Adds each alias whose value is there; a key that a client sent itself stays as it is. */
export function withAliases(values: Record<string, unknown>, aliases: Aliases): Record<string, unknown> {
  return { ...mirrored(values, aliases), ...values }
}

/** The aliased values alone. */
export function mirrored(values: Record<string, unknown>, aliases: Aliases): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(aliases)
      .filter(([, stored]) => values[stored] !== undefined)
      .map(([alias, stored]) => [alias, values[stored]]),
  )
}
