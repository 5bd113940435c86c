/** The TypeScript client in a real browser: from an origin that the server allows, and from one that it does not. */
import { strict as assert } from 'node:assert'
import { type Browser, chromium } from 'playwright-core'
import { ownDataset, ownRun, predictionRows } from '../../../test/support/fixtures.js'
import { ApiClient } from '../../demo/api.js'
import type { OwnServer } from '../../own-server.js'
import { servePages } from './pages.js'

const FOLDS = 25
const PER_FOLD = 30
/** Places of the docs page, and what stands there. */
const SHOWN = {
  'tag/guide-quick-start': 'Quick start',
  'tag/errors': 'Error catalogue',
  'operation/saveRun': 'Save a run with its folds and predictions',
}
const VERSION = /^\d+\.\d+\.\d+$/

/**
 * @param allowed a port for pages of the origin that the server allows
 * @param refused a port for pages of another one
 * @throws AssertionError for anything that a user would not expect
 */
export async function tryInBrowser(
  { url, secret }: OwnServer,
  [allowed, refused]: readonly [number, number],
  executablePath: string,
  signal: AbortSignal,
): Promise<void> {
  const pages = await Promise.all([servePages(allowed), servePages(refused)])
  const [own, foreign] = pages
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    await fromAllowed(browser, own.origin, { url, secret })
    await tryDocsPage(browser, url)
    await fromRefused(browser, foreign.origin, { url, secret }, new ApiClient(url, signal))
  } finally {
    await browser.close()
    for (const page of pages) page.close()
  }
}

async function fromAllowed(browser: Browser, origin: string, server: OwnServer): Promise<void> {
  const dataset = ownDataset('', 'web')
  const rows = predictionRows(FOLDS, PER_FOLD)
  const run = { ...ownRun('', dataset.dataset_id, FOLDS), predictions: rows }
  const seen = await inPage(browser, origin, 'work', { ...server, dataset, run })
  const { predictions, phases, sent, version, ...rest } = seen as Record<string, unknown> & {
    predictions: number[]
    phases: string[]
    sent: number[]
    version: string
  }
  assert.deepEqual(rest, {
    accepted: 202,
    slugs: [dataset.dataset_slug],
    status: 'COMPLETED',
    numbers: run.folds.map(({ fold_number }) => fold_number),
    rows: FOLDS * PER_FOLD,
    uploaded: [34, 0, 0],
    told: [true, 0],
    refusal: ['Stage1Error', 404, 'RUN_NOT_FOUND'],
    ticket: 'open',
  })
  assert.deepEqual([...predictions].sort(ascending), rows.map(({ prediction }) => prediction).sort(ascending))
  assert.equal(phases.at(-1), 'COMPLETED')
  assert.equal(sent.at(-1), 34)
  assert.match(version, VERSION)
  console.log(
    `from an allowed origin: ${FOLDS} folds and ${predictions.length} predictions saved, followed by events and read as Arrow`,
  )
}

async function fromRefused(browser: Browser, origin: string, server: OwnServer, own: ApiClient): Promise<void> {
  const { token } = (await own.post<{ token: string }>('/api/auth/token', { secret: server.secret, name: 'trial' }))
    .body
  const dataset = ownDataset('', 'never')
  const fates = await inPage(browser, origin, 'tryAll', {
    ...server,
    token,
    dataset,
    run: ownRun('', dataset.dataset_id, 1),
  })
  for (const [call, fate] of Object.entries(fates as Record<string, string>))
    assert.equal(fate, 'TypeError', `${call}: ${fate}`)
  const answer = await fetch(`${server.url}/api/datasets/${dataset.dataset_slug}`, {
    headers: { 'X-Stage1-Token': token },
  })
  assert.equal(answer.status, 404, 'nothing was stored')
  console.log(`from a refused origin: ${Object.keys(fates as object).length} calls, each has failed`)
}

/** The docs page shows guides and operations, at two widths, and asks nobody but the server for anything. */
async function tryDocsPage(browser: Browser, url: string): Promise<void> {
  for (const width of [1280, 390]) {
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    const faults: string[] = []
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) faults.push(`asks ${request.url()}`)
    })
    for (const [place, heading] of Object.entries(SHOWN)) {
      // The page draws what is looked at, and no more.
      await page.goto(`${url}/api/docs#${place}`)
      await page.reload()
      await page.getByRole('heading', { name: heading }).first().waitFor()
    }
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    assert.deepEqual({ faults, overflow }, { faults: [], overflow: 0 }, `the docs page, ${width} pixels wide`)
    await page.close()
  }
  console.log('the docs page: guides and operations, 1280 and 390 pixels wide, and no other host is asked')
}

async function inPage(browser: Browser, origin: string, work: string, given: unknown): Promise<unknown> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`in the page: ${error.message}`))
  await page.goto(`${origin}/`)
  const script = `import('/scripts/clients/browser/in-page.js').then((page) => page[${JSON.stringify(work)}](${JSON.stringify(given)}))`
  return page.evaluate(script)
}

function ascending(a: number, b: number): number {
  return a - b
}
