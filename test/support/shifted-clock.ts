/**
 * Loaded before a server (`node --import`), it shifts the clock that the server sees: by `STAGE1_TEST_CLOCK_SHIFT_MS` from the
 * start, and by as much again with each SIGUSR2, as a clock that is set while the server runs.
 */
const step = Number(process.env.STAGE1_TEST_CLOCK_SHIFT_MS ?? 0)
let shift = step
process.on('SIGUSR2', () => {
  shift += step
})

const Plain = Date
class ShiftedDate extends Plain {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(ShiftedDate.now())
    else super(...(given as [number]))
  }

  static override now(): number {
    return Plain.now() + shift
  }
}
globalThis.Date = ShiftedDate as DateConstructor
