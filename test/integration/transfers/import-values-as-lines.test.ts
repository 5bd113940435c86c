/** Values come out of QuestDB as they went in also where it shares no folder with the server: the same stories once more. */
import * as assert from 'uvu/assert'
import { test } from '../../support/test.js'

process.env.STAGE1_QUESTDB_IMPORT_DIR = ''
const { testConfig } = await import('../../support/server.js')

test('no folder is shared', () => {
  const engines = { postgresUrl: 'postgres://h/d', questdbUrl: 'http://h:9000' } as Parameters<typeof testConfig>[0]
  assert.is(testConfig(engines, '').questdb.import_dir, '')
})

// Its own `test.run()` starts this suite as well.
await import('./import-values.test.js')
