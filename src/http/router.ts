/**
 * openapi-backend's router builds its list of operations and compiles a RegExp for every path on every request, which
 * costs more than all the rest together. This table answers the same question from maps made once. A differential test
 * holds it to the original, on whose rules it rests: exact paths first, then templates with the longest fixed text.
 */
import type { OpenAPIBackend, Operation } from 'openapi-backend'

type Router = OpenAPIBackend['router']

interface Template {
  readonly pattern: RegExp
  readonly byMethod: ReadonlyMap<string, Operation>
  readonly fixedLength: number
}

/** Replaces the router's lookups by precompiled ones; call it right after `init()`. */
export function precompileRouter(router: Router): void {
  const operations = router.getOperations()
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  const exact = new Map<string, Map<string, Operation>>()
  for (const operation of operations) {
    const methods = exact.get(operation.path) ?? new Map<string, Operation>()
    methods.set(operation.method, operation)
    exact.set(operation.path, methods)
  }
  const templates = [...exact]
    .filter(([path]) => path.includes('{'))
    .map(([path, byMethod]): Template => ({ pattern: patternOf(path), byMethod, fixedLength: fixedText(path).length }))
    .sort((a, b) => b.fixedLength - a.fixedLength)

  router.getOperations = () => operations
  router.getOperation = (id: string) => byId.get(id)
  router.matchOperation = ((request, strict) => {
    const { path, method } = router.normalizeRequest(request)
    const normalized = router.normalizePath(path)
    const hit = exact.get(normalized)?.get(method)
    if (hit) return hit
    const matches = templates.filter((template) => template.pattern.test(normalized))
    for (const { byMethod } of matches) {
      const operation = byMethod.get(method)
      if (operation) return operation
    }
    if (!strict) return undefined
    // The original tells 405 only for paths that a template matches; an exact path is a template without braces.
    if (matches.length > 0 || exact.has(normalized))
      throw new Error('405-methodNotAllowed: this method is not registered for the route')
    throw new Error('404-notFound: no route matches request')
  }) as Router['matchOperation']
}

/** The methods that the contract has for a path, upper case; empty when it has no such path. */
export function allowedMethods(router: Router, path: string): string[] {
  const normalized = router.normalizePath(path)
  const methods = router
    .getOperations()
    .filter((operation) => operation.path === normalized || patternOf(operation.path).test(normalized))
    .map((operation) => operation.method.toUpperCase())
  return [...new Set(methods)].sort()
}

function patternOf(path: string): RegExp {
  const literals = path.split(/\{[^}]+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literals.join('[^/]+')}$`)
}

function fixedText(path: string): string {
  return path.replace(/\{.*?\}/g, '')
}
