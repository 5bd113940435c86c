/** The log: one JSON line an event, and no secret in it. */
import { Writable } from 'node:stream'
import * as assert from 'uvu/assert'
import { DomainError } from '../../src/errors.js'
import { createLog } from '../../src/log.js'
import { test } from '../support/test.js'

function captured(level = 'info') {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { log: createLog(level, stream), lines, events: () => lines.map((line) => JSON.parse(line)) }
}

test('an event is one line with its time, its level in words and the service', () => {
  const { log, lines, events } = captured()
  log.warn({ token_id: '7' }, 'token issued')
  assert.is(lines.length, 1)
  assert.ok(lines[0]?.endsWith('}\n'))
  const [event] = events()
  assert.is(event.level, 'warn')
  assert.is(event.service, 'stage1')
  assert.is(event.msg, 'token issued')
  assert.is(event.token_id, '7')
  assert.ok(Math.abs(Date.parse(event.time) - Date.now()) < 60_000)
})

test('secrets, tokens and passwords are cut out, whoever logs them', () => {
  const { log, lines } = captured()
  log.info({ secret: 'hush-1', token: 'hush-2', password: 'hush-3' })
  log.info({ body: { secret: 'hush-4', token: 'hush-5', password: 'hush-6' } })
  log.info({ headers: { 'x-stage1-token': 'hush-7', authorization: 'hush-8', accept: '*/*' } })
  assert.not.match(lines.join(''), /hush/)
  assert.match(lines.join(''), /\[secret\]/)
  assert.match(lines.join(''), /\*\/\*/)
})

test('what a client sends cannot break a line in two or colour a terminal', () => {
  const { log, lines, events } = captured()
  const path = '/api/runs/\r\n{"level":"error","msg":"forged"}\u001b[31m\u2028'
  log.info({ path }, 'request')
  assert.is(lines.length, 1)
  assert.is(lines[0]?.trimEnd().includes('\n'), false)
  assert.is(lines[0]?.includes('\u001b'), false)
  assert.is(events()[0].path, path)
})

test('an error is logged with its stack, its code and its cause', () => {
  const { log, events } = captured()
  log.error({ err: new DomainError('INTERNAL', 'why', {}, { cause: new Error('deeper') }) }, 'failed')
  const { err } = events()[0]
  assert.is(err.code, 'INTERNAL')
  assert.match(err.stack, /log\.test/)
  assert.match(err.stack, /deeper/)
})

test('below its level nothing is written', () => {
  const { log, lines } = captured('warn')
  log.info('unheard')
  assert.equal(lines, [])
})

test.run()
