import { DomainError } from '../errors.js'

/**
 * Refuses text that no engine can keep as it is: PostgreSQL takes no NUL, and half a surrogate pair has no UTF-8.
 * @throws DomainError REQUEST_INVALID with a pointer to the first such text
 */
export function refuseUnstorableText(value: unknown, pointer = ''): void {
  if (typeof value === 'string') {
    if (isStorable(value)) return
    throw new DomainError('REQUEST_INVALID', `body ${pointer}: text must not hold U+0000 or half a surrogate pair`, [
      { in: 'body', pointer, expected: 'text without U+0000 and lone surrogates' },
    ])
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      refuseUnstorableText(item, `${pointer}/${index}`)
    })
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      refuseUnstorableText(key, at)
      refuseUnstorableText(item, at)
    }
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
