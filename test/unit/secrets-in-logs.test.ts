/** The watch over the logs of all suites sees what it is to see. */
import * as assert from 'uvu/assert'
import { newToken } from '../../src/auth/token.js'
import { requireNoSecret } from '../support/secrets-in-logs.js'
import { test } from '../support/test.js'

test('a token, a ticket and a secret are seen wherever they stand, what only looks like one is not', () => {
  for (const secret of [newToken(), newToken('stt')])
    assert.throws(
      () => requireNoSecret(`{"path":"/api"}\n{"path":"/api/x?ticket=${secret}"}\n`, []),
      /tells a secret: .*x\?ticket/,
    )
  assert.throws(() => requireNoSecret('it is s3cret.', [undefined, 's3cret']), /tells a secret/)
  requireNoSecret(`st1_${'a'.repeat(36)} st1_short`, ['', 'other', undefined])
})

test.run()
