/**
 * Named places at which a test has the process die: between two steps, where a crash is hard to hit by chance. Nothing is
 * closed or told, as after a power cut of this process alone. Without `CRASH_AT` in the environment the call does nothing.
 */
const CRASH_AT = process.env.CRASH_AT

/** Ends the process with code 137, as SIGKILL would, when `CRASH_AT` has this name. */
export function crashPoint(name: string): void {
  if (CRASH_AT !== undefined && CRASH_AT === name) process.exit(137)
}
