/** Holds every answer that a test sees to the contract: status declared, media type declared, body valid. */
import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'

interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; responses?: Record<string, unknown> }
}

interface Operation {
  operationId: string
  responses: Record<string, Response>
}

interface Response {
  $ref?: string
  content?: Record<string, { schema: unknown }>
}

const document = JSON.parse(readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')) as Document
const ajv = new Ajv({ strict: false, allErrors: true })
addFormatsModule.default(ajv)
for (const format of ['int32', 'int64', 'float', 'double', 'binary']) ajv.addFormat(format, true)
ajv.addSchema(document, 'contract')
const validators = new Map<string, ValidateFunction>()

export interface Answer {
  readonly status: number
  readonly media: string
  /** Parsed for JSON media types, undefined otherwise. */
  readonly json: unknown
}

/** Says how an answer breaks the contract; undefined when it keeps it. Only for requests to declared paths and methods. */
export function contractBreach(method: string, path: string, answer: Answer): string | undefined {
  const found = findOperation(method, path)
  if (!found)
    return answer.status === 404 || answer.status === 405
      ? problemBreach(answer)
      : `${method} ${path} is not in the contract`
  const { pointer, operation } = found
  const declared = operation.responses[String(answer.status)]
  if (!declared) return `${operation.operationId} answered ${answer.status}, which is not declared`
  const [response, where] = declared.$ref
    ? [resolve(declared.$ref) as Response, declared.$ref]
    : [declared, `#${pointer}/responses/${answer.status}`]
  if (!response.content) return undefined
  if (!response.content[answer.media])
    return `${operation.operationId} answered ${answer.media}, which is not declared for ${answer.status}`
  if (answer.json === undefined) return undefined
  return schemaBreach(
    `${where}/content/${answer.media.replaceAll('/', '~1')}/schema`,
    answer.json,
    operation.operationId,
  )
}

function problemBreach(answer: Answer): string | undefined {
  if (answer.media !== 'application/problem+json') return `a ${answer.status} came as ${answer.media}`
  return schemaBreach('#/components/schemas/Problem', answer.json, `a ${answer.status}`)
}

function schemaBreach(pointer: string, value: unknown, who: string): string | undefined {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `contract${pointer}` })
  validators.set(pointer, validate)
  if (validate(value)) return undefined
  return `${who}: ${ajv.errorsText(validate.errors?.slice(0, 5))}`
}

function findOperation(method: string, path: string): { pointer: string; operation: Operation } | undefined {
  const plain = path.split('?')[0] as string
  const candidates = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length)
  for (const template of candidates) {
    const pattern = new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`)
    const operation = document.paths[template]?.[method.toLowerCase()]
    if (operation && pattern.test(plain))
      return {
        operation,
        pointer: `/paths/${template.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}`,
      }
  }
  return undefined
}

function resolve(ref: string): unknown {
  return ref
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document)
}
