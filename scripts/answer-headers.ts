/** Writes the headers that every answer under a path carries (`x-answer-headers` of spec/v1) into each answer of a bundled document. */

interface Answer {
  readonly $ref?: string
  headers?: Record<string, unknown>
}

interface Contract {
  'x-answer-headers'?: Record<string, Record<string, string>>
  readonly paths: Record<string, Record<string, { readonly responses?: Record<string, Answer> }>>
  readonly tags: { readonly name: string; description: string }[]
  readonly components: { readonly responses: Record<string, Answer> }
}

/** @returns the document without `x-answer-headers`; a shared answer has the headers of every path, as it may stand under any */
export function withAnswerHeaders(document: Contract): Contract {
  const { 'x-answer-headers': byPath = {}, ...contract } = document
  const under = (path: string) =>
    Object.entries(byPath)
      .filter(([prefix]) => path.startsWith(prefix))
      .flatMap(([, headers]) => Object.entries(headers))
  for (const [path, item] of Object.entries(contract.paths))
    for (const { responses = {} } of Object.values(item))
      for (const answer of Object.values(responses)) if (!answer.$ref) addHeaders(answer, under(path))
  const all = Object.values(byPath).flatMap((headers) => Object.entries(headers))
  for (const answer of Object.values(contract.components.responses)) addHeaders(answer, all)
  return contract
}

function addHeaders(answer: Answer, headers: readonly (readonly [string, string])[]): void {
  const added = headers.map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }])
  answer.headers = { ...answer.headers, ...Object.fromEntries(added) }
}
