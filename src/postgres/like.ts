/** A LIKE pattern for text that contains this one; what has a meaning in patterns stands for itself. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
