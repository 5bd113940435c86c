/** Asks as the dashboard's fetch does: any failure is `HTTP <status>: <body>`, and every success must be JSON. */
import type { TestClient } from '../../support/server.js'

export async function ask(client: TestClient, method: string, path: string, json?: unknown): Promise<unknown> {
  const answer = await client.send(method, path, json === undefined ? {} : { json })
  if (answer.status < 200 || answer.status > 299) throw new Error(`HTTP ${answer.status}: ${answer.text}`)
  return JSON.parse(answer.text) as unknown
}

/** The failure's text. */
export async function failure(client: TestClient, method: string, path: string, json?: unknown): Promise<string> {
  try {
    await ask(client, method, path, json)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error(`${method} ${path} did not fail`)
}

/** What a toast shows of a failure: the body's `message`. */
export function toast(text: string): string {
  const { message } = JSON.parse(text.slice(text.indexOf('{'))) as { message: string }
  if (typeof message !== 'string' || message === '') throw new Error('no message for a toast')
  return message
}
