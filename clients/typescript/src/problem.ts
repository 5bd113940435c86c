/** What the server says when it refuses or fails, as an error that a program can act on. */

/** The body of every 4xx and 5xx answer. */
interface Problem {
  readonly code?: string
  readonly message?: string
  readonly details?: unknown
  readonly request_id?: string
}

/** An answer outside 2xx. `code` is for programs, `message` for people. */
export class Stage1Error extends Error {
  override readonly name = 'Stage1Error'
  constructor(
    message: string,
    /** HTTP status. */
    readonly status: number,
    /** Stable name of the problem, such as `DATASET_UNKNOWN`; empty when the answer did not come from the server itself. */
    readonly code: string,
    /** Where it went wrong: pointer, row, column, line. */
    readonly details: unknown,
    /** Finds the request in the server's log. */
    readonly requestId: string,
    /** Seconds after which trying again makes sense, if the server said so. */
    readonly retryAfter: number | undefined,
  ) {
    super(message)
  }
}

/** The answer itself when it is a success. @throws Stage1Error otherwise */
export async function succeeded(response: Response): Promise<Response> {
  if (response.ok || response.status === 304) return response
  const problem = problemIn(await response.text())
  throw stage1Error(response, problem)
}

/** @param problem the parsed body of the answer, whatever it is */
export function stage1Error(response: Response, problem: unknown): Stage1Error {
  const { code, message, details, request_id } = (
    typeof problem === 'object' && problem !== null ? problem : {}
  ) as Problem
  const said = message ?? `the server answered ${response.status}`
  const requestId = request_id ?? response.headers.get('x-request-id') ?? ''
  return new Stage1Error(said, response.status, code ?? '', details ?? {}, requestId, retryAfterOf(response))
}

/** Seconds that the answer asks to wait; undefined when it does not say. */
export function retryAfterOf(response: Response): number | undefined {
  const said = response.headers.get('retry-after')
  return said !== null && /^\d+$/.test(said) ? Number(said) : undefined
}

function problemIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
