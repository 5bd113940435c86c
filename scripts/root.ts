import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project's folder, which is the same whether a script runs from its source or compiled. */
export const ROOT = nearest(import.meta.dirname, 'package.json')

function nearest(folder: string, name: string): string {
  if (existsSync(join(folder, name))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error(`no ${name} above ${import.meta.dirname}`)
  return nearest(parent, name)
}
