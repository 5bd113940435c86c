/** Aborted when the person at the keyboard, or a supervisor, asks the program to end; what is under way then ends in order. */
export function interruptController(): AbortController {
  const interrupt = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort())
  return interrupt
}
