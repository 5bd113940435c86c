/** Values come out of QuestDB as they went in also where it does not read the import folder: the same stories once more. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { minutesCsv } from '../../support/csv.js'
import { importCsv } from '../../support/imports.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const apart = mkdtempSync(join(tmpdir(), 'stage1-apart-'))
process.env.STAGE1_QUESTDB_IMPORT_DIR = apart
test.after(() => rmSync(apart, { recursive: true }))

test('a folder that QuestDB does not read is told in the log once, with the reason', async () => {
  const server = await startServer()
  try {
    for (const name of ['one', 'two']) {
      const receipt = await importCsv(server, `${server.engines.prefix}${name}`, minutesCsv(20))
      assert.is(receipt.rows_written, 20)
    }
    const lines = server
      .log()
      .split('\n')
      .filter((line) => line.includes('import_dir'))
    assert.is(lines.length, 1)
    assert.match(lines[0] ?? '', /line protocol.*file does not exist/)
    assert.equal(readdirSync(apart), [])
  } finally {
    await server.stop()
  }
})

// Its own `test.run()` starts this suite as well.
await import('./import-values.test.js')
