/** A failure that its message explains to the person at the keyboard in full: shown without a stack trace. */
export class EngineError extends Error {
  override name = 'EngineError'
}
