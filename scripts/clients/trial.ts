/** What is done with each client: it is made from the contract, and then works against a running server. */
import type { OwnServer } from '../own-server.js'

export interface Trial {
  readonly name: string
  /** Settings that the server needs for it, by environment name. */
  readonly settings?: Readonly<Record<string, string>>
  /** Installs what is missing, generates, compiles. @throws CommandError */
  build(signal: AbortSignal): Promise<void>
  /** Runs its tests against the server. @throws CommandError when one fails */
  test(server: OwnServer, signal: AbortSignal): Promise<void>
}
