/**
 * uvu's `test` for this project. uvu takes an error's `details` for text and hides what `before` and `after` throw; here such
 * errors are shown with all they say.
 */
import { test as plain, type Test } from 'uvu'

type Run = Parameters<typeof plain>[1]

const readable =
  (run: Run): Run =>
  async (context) => {
    try {
      await run(context)
    } catch (error) {
      throw shown(error)
    }
  }

/** A hook that throws makes uvu skip its tests without a word; its error is printed here. */
const loud =
  (run: Run): Run =>
  async (context) => {
    try {
      await run(context)
    } catch (error) {
      console.error('a hook failed:', error)
      throw error
    }
  }

function shown(error: unknown): unknown {
  const details = (error as { details?: unknown } | undefined)?.details
  if (!(error instanceof Error) || details === undefined || typeof details === 'string') return error
  const text = new Error(`${error.name}: ${error.message}\n${JSON.stringify(details, null, 2)}`)
  text.stack = `${text.message}\n${(error.stack ?? '').split('\n').slice(1).join('\n')}`
  return text
}

function testOf(name: string, run: Run): void {
  plain(name, readable(run))
}

const before = Object.assign((run: Run) => plain.before(loud(run)), {
  each: (run: Run) => plain.before.each(loud(run)),
})
const after = Object.assign((run: Run) => plain.after(loud(run)), { each: (run: Run) => plain.after.each(loud(run)) })

export const test = Object.assign(testOf, {
  only: (name: string, run: Run) => plain.only(name, readable(run)),
  skip: plain.skip,
  before,
  after,
  run: plain.run,
}) as unknown as Test
