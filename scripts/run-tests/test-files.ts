import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

const TEST_FOLDER = 'test'
const OTHER_FOLDERS = ['bench', 'faults', 'support'].map((name) => join(TEST_FOLDER, name) + sep)

/** The test files whose path contains one of `parts`, or all of them when there are no parts. */
export function findTestFiles(root: string, parts: string[]): string[] {
  return readdirSync(join(root, TEST_FOLDER), { recursive: true, encoding: 'utf8' })
    .map((name) => join(TEST_FOLDER, name))
    .filter((path) => path.endsWith('.test.ts') && !OTHER_FOLDERS.some((folder) => path.startsWith(folder)))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part.replace(/^\.\//, ''))))
    .sort()
}

/** Whether the file starts its suite: without `test.run()` uvu runs none of its tests and reports success. */
export function startsItsSuite(root: string, file: string): boolean {
  return readFileSync(join(root, file), 'utf8').includes('.run()')
}
