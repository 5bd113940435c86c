/** The server's log: one JSON line an event, secrets and tokens cut out. */
import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

const SECRET_PATHS = [
  'secret',
  'token',
  'password',
  'headers["x-stage1-token"]',
  'headers.authorization',
  '*.secret',
  '*.token',
  '*.password',
]

export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service: 'stage1' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
