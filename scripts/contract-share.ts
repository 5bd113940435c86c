/**
 * How much of the contract teaches and bounds: the share of parameters and properties that have a description, bounds, and an example, a
 * default or a closed set of values, and of bodies that are text, errors among them, that have an example. A list has what its items have,
 * and an object that names its properties has what they have: each of them is looked at by itself. Bytes need no example. What may be any
 * JSON value has no bounds but those of the body; it is told apart, and fails unless it is meant to be so. Fails, naming what is missing,
 * unless all have all.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.js'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly description?: string
  readonly example?: unknown
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

/** A parameter or property, with the schema that it has by itself or by reference. */
interface Place {
  readonly where: string
  readonly described: boolean
  readonly exampled: boolean
  readonly schema: Schema
}

interface Shown {
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, unknown>>
}

interface Body {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, Shown>>
}

interface Operation {
  readonly operationId?: string
  readonly requestBody?: Body
  readonly responses: Readonly<Record<string, Body>>
}

/** May be any JSON value: cells, what has many spellings, and what is kept as it was sent. */
const MEANT_TO_BE_ANY: Readonly<Record<string, readonly string[]>> = {
  Problem: ['details'],
  DatasetWrite: [
    ...['first_ohlcv_ts', 'last_ohlcv_ts', 'first_indicator_ts', 'last_indicator_ts'],
    ...['ohlcv_first_ts', 'ohlcv_last_ts', 'indicator_first_ts', 'indicator_last_ts'],
    'metadata',
  ],
  DatasetManifest: ['version', 'exported_at'],
  FoldMetrics: ['model_learned_nothing', 'used_cached_model'],
  SimulationTrade: ['entry_timestamp', 'exit_timestamp', 'bar_timestamp'],
  ExportRequest: ['start_timestamp', 'end_timestamp'],
  PredictionTable: ['dataset'],
  QueryResult: ['dataset'],
}

/** Bytes can't be shown in JSON. */
const TEXT = /^(application\/(problem\+)?json|text\/)/

const document = JSON.parse(readFileSync(join(ROOT, 'generated/openapi.json'), 'utf8'))

function resolved(schema: Schema): Schema {
  if (schema.$ref) return resolved(component(schema.$ref))
  const only = schema.allOf?.length === 1 ? schema.allOf[0] : undefined
  return only ? { ...resolved(only), ...schema } : schema
}

function component(ref: string): Schema {
  const found = ref
    .slice(2)
    .split('/')
    .reduce((node: unknown, key) => (node as Record<string, unknown>)[key], document)
  return found as Schema
}

const given = (value: unknown) => value !== undefined && value !== ''

function hasExample(schema: Schema): boolean {
  const own = [schema.example, schema.default, schema.enum?.[0]].some((value) => value !== undefined)
  if (own || schema.type === 'boolean' || schema.format === 'binary') return true
  if (schema.items) return hasExample(resolved(schema.items))
  if (schema.allOf) return schema.allOf.every((part) => hasExample(resolved(part)))
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return choices.every((choice) => hasExample(resolved(choice)))
  // Each property has its own.
  return schema.properties !== undefined && Object.keys(schema.properties).length > 0
}

function isBounded(schema: Schema): boolean {
  if (schema.enum) return true
  // All parts hold at once, of choices one.
  if (schema.allOf?.some((part) => isBounded(resolved(part)))) return true
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return choices.every((choice) => isBounded(resolved(choice)))
  switch (schema.type) {
    case 'string':
      return schema.maxLength !== undefined || schema.format === 'binary'
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && schema.maximum !== undefined
    case 'array':
      return schema.maxItems !== undefined && schema.items !== undefined && isBounded(resolved(schema.items))
    case 'object':
      return (
        schema.maxProperties !== undefined || schema.additionalProperties === false || schema.properties !== undefined
      )
    case 'boolean':
      return true
    default:
      return false
  }
}

/** Also of a list of such values. */
function isAny(schema: Schema): boolean {
  if (schema.items) return isAny(resolved(schema.items))
  return [schema.type, schema.enum, schema.allOf, schema.oneOf, schema.anyOf].every((told) => told === undefined)
}

const places: Place[] = []
const seen = new Set<unknown>()

function visit(node: unknown, where: string): void {
  if (typeof node !== 'object' || node === null || seen.has(node)) return
  seen.add(node)
  const schema = node as Schema
  if (isParameter(node)) add(`${where} ${node.in} ${node.name}`, node, node.schema)
  if (isSchemaMap(schema.properties))
    for (const [name, property] of Object.entries(schema.properties)) add(`${where}.${name}`, property, property)
  for (const [key, child] of Object.entries(node))
    if (key !== 'example' && key !== 'examples') visit(child, `${where}/${key}`)
}

function add(where: string, about: { description?: string; example?: unknown }, schema: Schema): void {
  const full = resolved(schema)
  places.push({
    where,
    described: given(about.description) || given(full.description),
    exampled: about.example !== undefined || hasExample(full),
    schema: full,
  })
}

function isParameter(node: object): node is { in: string; name: string; schema: Schema; description?: string } {
  return 'in' in node && 'name' in node && 'schema' in node
}

/** `properties` may also be the name of a property. */
function isSchemaMap(properties: unknown): properties is Record<string, Schema> {
  return (
    typeof properties === 'object' &&
    properties !== null &&
    !('type' in properties && typeof properties.type === 'string')
  )
}

/** Where a body that is text is sent or answered, by operation; whether examples fit is held by the lint. */
function bodies(): { readonly where: string; readonly exampled: boolean }[] {
  const operations = Object.values(document.paths as Record<string, Record<string, Operation>>).flatMap((item) =>
    Object.values(item).filter(({ operationId }) => operationId !== undefined),
  )
  return operations.flatMap(({ operationId, requestBody, responses }) =>
    [['request', requestBody ?? {}] as const, ...Object.entries(responses)].flatMap(([what, body]) =>
      Object.entries((body.$ref ? (component(body.$ref) as Body) : body).content ?? {})
        .filter(([media]) => TEXT.test(media))
        .map(([media, shown]) => ({ where: `${operationId} ${what} ${media}`, exampled: isShown(shown) })),
    ),
  )
}

function isShown({ example, examples }: Shown): boolean {
  return example !== undefined || Object.keys(examples ?? {}).length > 0
}

visit(document.paths, '')
visit(document.components, 'components')
const isTyped = ({ schema }: Place) => !isAny(schema)
const meantToBeAny = Object.entries(MEANT_TO_BE_ANY).flatMap(([schema, names]) =>
  names.map((name) => `components/schemas/${schema}.${name}`),
)
report('parameters and properties', 'have a description', places, ({ described }) => described)
report('those with a type', 'have bounds, or name members that have', places.filter(isTyped), ({ schema }) =>
  isBounded(schema),
)
report(
  'those that may be any JSON value',
  'are meant to',
  places.filter((place) => !isTyped(place)),
  ({ where }) => meantToBeAny.includes(where),
)
report(
  'parameters and properties',
  'have an example, a default or a closed set of values (enum, boolean), or hold what has one',
  places,
  ({ exampled }) => exampled,
)
report('bodies of requests and answers that are text', 'have an example', bodies(), ({ exampled }) => exampled)

function report<T extends { readonly where: string }>(
  what: string,
  holding: string,
  all: readonly T[],
  holds: (one: T) => boolean,
): void {
  const without = all.filter((one) => !holds(one))
  console.log(`${(100 * (1 - without.length / all.length)).toFixed(1)} % of ${all.length} ${what} ${holding}`)
  if (without.length === 0) return
  process.exitCode = 1
  for (const { where } of without) console.log(`  not ${where}`)
}
