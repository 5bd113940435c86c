/**
 * Long work of the main thread is done in slices, and each turn of the event loop takes one of them, whoever it belongs to: were
 * it one of each request, twenty requests would hold up the others twenty times as long.
 */
const SLICE_MS = 8

const waiting: (() => void)[] = []
let sliceBegan = 0

/** Resolves when the next slice may begin; at once while the caller's own has time left. */
export async function nextTurn(): Promise<void> {
  if (waiting.length === 0 && performance.now() - sliceBegan < SLICE_MS) return
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(begin)
  })
}

function begin(): void {
  sliceBegan = performance.now()
  waiting.shift()?.()
  // What was let go on runs before the next immediate does.
  if (waiting.length > 0) setImmediate(begin)
}
