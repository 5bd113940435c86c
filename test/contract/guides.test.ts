/** The guides say what is so: their commands run in the order in which they are read, and the server answers what is shown. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { ROOT } from '../../scripts/root.js'
import { ERROR_CODES } from '../../src/errors.js'
import { SHARED_SECRET, startServer } from '../support/server.js'
import { test } from '../support/test.js'

const FOLDER = join(ROOT, 'docs/guides')
const IN_ORDER = ['quick-start', 'authentication', 'datasets', 'frames', 'jobs-and-events', 'saving-a-run', 'errors']
const NAMES = readdirSync(FOLDER).map((name) => name.replace('.md', ''))
/** Each server has its own. */
const OWN = /^(token|token_id|job_id|job_ids|upload_id|download_id|url|expires_at|created_at|updated_at|request_id)$/

const server = await startServer()
const folder = mkdtempSync(join(tmpdir(), 'stage1-guides-'))
symlinkSync(join(ROOT, 'fixtures'), join(folder, 'fixtures'))
test.after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.stop()
})

interface Step {
  readonly guide: string
  readonly commands: string
  /** What is shown beneath; empty where nothing is. */
  readonly shown: string
  /** Of what is shown: `json`, or `http` for lines of an answer's head. */
  readonly kind: string
}

function textOf(guide: string): string {
  return readFileSync(join(FOLDER, `${guide}.md`), 'utf8')
}

/** Under names that no other test has: QuestDB is there for all of them. */
function renamed(text: string): string {
  const { prefix } = server.engines
  return text.replaceAll('btc25_3', `${prefix}btc`).replaceAll('run_17621685394141478', `${prefix}run`)
}

function stepsOf(guide: string): Step[] {
  const blocks = [...renamed(textOf(guide)).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(
    ([, kind = '', text = '']) => ({
      kind,
      text,
    }),
  )
  return blocks.flatMap(({ kind, text }, at) => {
    // What a stream of events shows has no end.
    if (kind !== 'bash' || text.includes('-sSN')) return []
    const next = blocks[at + 1]
    const isShown = next?.kind === 'json' || next?.kind === 'http'
    const [shown, shownAs] = isShown ? [next.text, next.kind] : ['', '']
    return [{ guide, commands: text.replaceAll(/^(API|SECRET)=.*$/gm, ''), shown, kind: shownAs }]
  })
}

/** All in one shell, since later commands use what earlier ones have set; what each prints. */
function run(steps: readonly Step[]): Promise<string[]> {
  const mark = '----- next -----'
  // Answers on lines of their own.
  const lines = 'curl() { command curl "$@"; echo; }'
  const script = ['set -euo pipefail', lines, ...steps.map(({ commands }) => `${commands}\necho; echo '${mark}'`)].join(
    '\n',
  )
  const env = { ...process.env, API: server.url, SECRET: SHARED_SECRET }
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', script], { cwd: folder, env, maxBuffer: 64 << 20 }, (error, out, err) => {
      if (error) reject(new Error(`the commands have failed: ${err}\n${out.slice(-2000)}`))
      else resolve(out.split(mark).slice(0, -1))
    })
  })
}

/** Where the answer has not what is shown; undefined when it has all of it. */
function lacking(answer: unknown, shown: unknown, at = ''): string | undefined {
  if (Array.isArray(shown)) {
    if (!Array.isArray(answer) || answer.length !== shown.length) return `${at}: ${JSON.stringify(answer)}`
    return shown.map((item, i) => lacking(answer[i], item, `${at}/${i}`)).find((place) => place !== undefined)
  }
  if (typeof shown === 'object' && shown !== null)
    return Object.entries(shown)
      .filter(([key]) => !OWN.test(key))
      .map(([key, value]) => lacking((answer as Record<string, unknown> | undefined)?.[key], value, `${at}/${key}`))
      .find((place) => place !== undefined)
  return Object.is(answer, shown) ? undefined : `${at}: ${JSON.stringify(answer)}, not ${JSON.stringify(shown)}`
}

test('every command works in its place, and is answered what is shown', async () => {
  const steps = IN_ORDER.flatMap(stepsOf)
  const printed = await run(steps)
  assert.is(printed.length, steps.length)
  const compared = steps.flatMap(({ guide, commands, shown, kind }, i) => {
    if (shown === '') return []
    if (kind === 'http') {
      const head = (printed[i] as string).replaceAll(/\r|\n(?=\n)/g, '').trim()
      return [head === shown.trim() ? '' : `${guide}: ${commands}: ${head}`]
    }
    const answers = (printed[i] as string).split('\n').filter((line) => line.startsWith('{'))
    const place = lacking(JSON.parse(answers.at(-1) ?? 'null'), JSON.parse(shown))
    return [place === undefined ? '' : `${guide}: ${commands}: ${place}`]
  })
  assert.equal(
    compared.filter((fault) => fault !== ''),
    [],
  )
  assert.ok(compared.length > 25, `${compared.length} answers`)
})

test('what the guides name is there: codes, operations, other guides', () => {
  const contract = JSON.parse(readFileSync(join(ROOT, 'generated/openapi.json'), 'utf8')) as { paths: object }
  const paths = Object.keys(contract.paths).map((path) => path.replaceAll(/\{[^}]+\}/g, '{}'))
  for (const guide of NAMES) {
    const text = textOf(guide)
    for (const [, code = ''] of text.matchAll(/`([A-Z]{2,}(?:_[A-Z]+)+)`/g))
      assert.ok((ERROR_CODES as readonly string[]).includes(code), `${guide}: ${code}`)
    for (const [, path = ''] of text.matchAll(/`(?:GET|POST|DELETE) (\/api\/[^`?]+)/g))
      assert.ok(paths.includes(path.replaceAll(/\{[^}]+\}|\$JOB/g, '{}')), `${guide}: ${path}`)
    for (const [, other = ''] of text.matchAll(/\]\(([a-z-]+)\.md/g))
      assert.ok(NAMES.includes(other), `${guide}: ${other}`)
  }
})

test.run()
