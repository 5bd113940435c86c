/**
 * Long work of the main thread is done in slices, and each turn of the event loop takes one of them, whoever it belongs to: were
 * it one of each request, twenty requests would hold up the others twenty times as long.
 */
const SLICE_MS = 8
/** The loop takes one new connection a turn (libuv since 1.45), so that some turns are left to them alone. */
const TURNS_BETWEEN = 4

const waiting: (() => void)[] = []
let sliceBegan = 0

/** Resolves when the next slice may begin; at once while the caller's own has time left. */
export async function nextTurn(): Promise<void> {
  if (waiting.length === 0 && performance.now() - sliceBegan < SLICE_MS) return
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) beginAfter(TURNS_BETWEEN)
  })
}

function beginAfter(turns: number): void {
  setImmediate(() => (turns > 1 ? beginAfter(turns - 1) : begin()))
}

function begin(): void {
  sliceBegan = performance.now()
  waiting.shift()?.()
  // What was let go on runs before the next immediate does.
  if (waiting.length > 0) beginAfter(TURNS_BETWEEN)
}
