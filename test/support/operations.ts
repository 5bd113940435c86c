/** Every operation of the contract, as a request that can be sent. */
import { readFileSync } from 'node:fs'

export interface ListedOperation {
  readonly id: string
  readonly method: string
  /** With an id in the place of each parameter. */
  readonly path: string
  readonly needsToken: boolean
}

interface Contract {
  readonly security?: readonly object[]
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId?: string; security?: readonly object[] }>>>
  >
}

const ANY_ID = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'
const contract = JSON.parse(readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')) as Contract

export function operationsOf(wanted: (operation: ListedOperation) => boolean): ListedOperation[] {
  return Object.entries(contract.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { operationId, security = contract.security ?? [] }]) => ({
        id: operationId ?? '',
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, ANY_ID),
        needsToken: security.length > 0,
      })),
    )
    .filter(({ id }) => id !== '')
    .filter(wanted)
}
