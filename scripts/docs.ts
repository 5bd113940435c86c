/**
 * Makes the docs page: the guides and the contract on one page that asks no other host for anything. The guides are put into a copy of the
 * contract, as sections of text before its operations.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.js'

/** In the order in which they are read. */
const GUIDES = [
  'quick-start',
  'authentication',
  'datasets',
  'frames',
  'saving-a-run',
  'jobs-and-events',
  'errors',
  'time',
  'moving',
]
const CACHE = join(ROOT, '.cache/docs')
const PAGE = join(ROOT, 'generated/docs.html')

interface Tag {
  readonly name: string
  readonly description: string
  readonly 'x-displayName'?: string
  readonly 'x-traitTag'?: boolean
}

interface Contract {
  readonly tags: readonly Tag[]
  readonly paths: Record<string, Record<string, { readonly tags?: readonly string[] }>>
}

interface Guide {
  readonly file: string
  readonly title: string
  readonly text: string
}

const guides = GUIDES.map(read)
const contract: Contract = JSON.parse(readFileSync(join(ROOT, 'generated/openapi.json'), 'utf8'))
const used = new Set(
  Object.values(contract.paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags ?? [])),
)
const operations = contract.tags.filter(({ name }) => used.has(name))
const texts = contract.tags.filter(({ name }) => !used.has(name))
const document = {
  ...contract,
  tags: [...guides.map(tagOf), ...texts.map((tag) => ({ ...tag, 'x-traitTag': true })), ...operations],
  'x-tagGroups': [
    { name: 'Guides', tags: [...guides.map(nameOf), ...texts.map(({ name }) => name)] },
    { name: 'Operations', tags: operations.map(({ name }) => name) },
  ],
}
mkdirSync(CACHE, { recursive: true })
writeFileSync(join(CACHE, 'openapi.json'), JSON.stringify(document))
execFileSync(
  join(ROOT, 'node_modules/.bin/redocly'),
  ['build-docs', join(CACHE, 'openapi.json'), '--inlineBundle', '--output', PAGE],
  { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] },
)
writeFileSync(PAGE, selfContained(readFileSync(PAGE, 'utf8')))
console.log(`${PAGE}: ${guides.length} guides, ${operations.length} groups of operations`)

function read(file: string): Guide {
  const [, title = '', text = ''] =
    /^# (.+)\n([\s\S]+)$/.exec(readFileSync(join(ROOT, 'docs/guides', `${file}.md`), 'utf8')) ?? []
  if (title === '') throw new Error(`docs/guides/${file}.md does not begin with its title`)
  return { file, title, text }
}

/** Of a guide as a section of the page; the contract has tags of the same names. */
function nameOf({ file }: Guide): string {
  return `guide-${file}`
}

function tagOf(guide: Guide): Tag {
  return { name: nameOf(guide), 'x-displayName': guide.title, 'x-traitTag': true, description: onPage(guide.text) }
}

/** The page without what Redocly's frame would load from elsewhere: its logo, which hides itself where it can't be shown, and an icon. */
function selfContained(page: string): string {
  return page
    .replaceAll(/https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g, 'data:,')
    .replace('<head>', '<head><link rel="icon" href="data:,">')
}

/** Links between guides lead to their sections; those into the repository have no place on the page. */
function onPage(text: string): string {
  return text
    .replaceAll(/\]\(([a-z-]+)\.md(#[\w-]+)?\)/g, '](#tag/guide-$1)')
    .replaceAll(/\]\(\/api\/docs(#[^)]+)\)/g, ']($1)')
    .replaceAll(/\[([^\]]+)\]\(\.\.\/[^)]+\)/g, '$1')
}
