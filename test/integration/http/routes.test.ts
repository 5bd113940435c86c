/** Requests that fit no operation, and those that break off before one. */
import { request } from 'node:http'
import * as assert from 'uvu/assert'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
test.after(() => server.stop())

interface Problem {
  type: string
  title: string
  status: number
  error: string
  message: string
  code: string
  details: unknown
  request_id: string
}

/** Sends a path as it is, which fetch would not. */
function raw(method: string, path: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(server.url)
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: { 'x-stage1-token': server.token, ...headers } })
    sent.once('error', reject)
    sent.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.end()
  })
}

function checkProblem(answer: { status: number; text: string }, code: string): Problem {
  const problem = JSON.parse(answer.text) as Problem
  assert.is(problem.status, answer.status)
  assert.is(problem.code, code)
  assert.is(problem.type, `urn:stage1:problem:${code}`)
  assert.ok(problem.title.length > 0)
  assert.is(problem.error, problem.message)
  assert.ok(problem.message.length > 0)
  assert.ok(typeof problem.details === 'object' && problem.details !== null)
  assert.match(problem.request_id, /^[\w-]{8,64}$/)
  assert.not.match(answer.text, /node_modules|\.ts:|at async|select /)
  return problem
}

test('an unknown path is a problem that names it', async () => {
  for (const path of ['/', '/api', '/api/', '/api/nothing', '/api/runs/x/folds/y', '/metrics', '/favicon.ico']) {
    const answer = await raw('GET', path)
    assert.is(answer.status, 404, path)
    assert.is(answer.headers['content-type'], 'application/problem+json')
    assert.ok(checkProblem(answer, 'ROUTE_NOT_FOUND').message.includes(path))
  }
})

test('one spelling of a path only: no slash more, no other case, no encoded letters', async () => {
  for (const path of [
    '/api/jobs/',
    '//api/jobs',
    '/api//jobs',
    '/API/jobs',
    '/api/Jobs',
    '/%61pi/jobs',
    '/api/jobs;x=1',
  ]) {
    const answer = await raw('GET', path)
    assert.is(answer.status, 404, path)
    checkProblem(answer, 'ROUTE_NOT_FOUND')
  }
})

test('no other spelling of a path gets around the token', async () => {
  const paths = [
    '/api/jobs',
    '//api/jobs',
    '/./api/jobs',
    '/api/../api/jobs',
    '/%61pi/jobs',
    '/api/jobs/',
    '/api/jobs?',
  ]
  for (const path of [...paths, `${server.url}/api/jobs`, '/healthz/../api/jobs', '/api/auth/token/../../jobs']) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
      const answer = await raw(method, path, { 'x-stage1-token': '' })
      assert.ok([400, 401, 404, 405].includes(answer.status), `${method} ${path} answered ${answer.status}`)
      assert.not.match(answer.text, /"jobs"/)
    }
  }
})

test('a wrong method is told the right ones, in Allow and in words', async () => {
  const wrong = [
    ['DELETE', '/api/datasets', 'GET, POST'],
    ['PUT', '/api/runs/8620f8da-8f74-4dd9-8ee2-d14d2c672873', 'GET'],
    ['GET', '/api/questdb/import', 'POST'],
    ['PATCH', '/healthz', 'GET'],
    ['TRACE', '/api/jobs', 'GET'],
  ] as const
  for (const [method, path, allow] of wrong) {
    const answer = await raw(method, path)
    assert.is(answer.status, 405, `${method} ${path}`)
    assert.is(answer.headers.allow, allow)
    const problem = checkProblem(answer, 'METHOD_NOT_ALLOWED')
    assert.equal(problem.details, { allowed: allow.split(', ') })
    assert.ok(problem.message.includes(method))
  }
})

test('percent-encoding that is no UTF-8 is a bad request, not a failure', async () => {
  for (const path of ['/api/runs/%E0%A4%A', '/api/runs/%', '/api/%zz', '/%ff%fe', '/api/jobs/%C3%28']) {
    const answer = await raw('GET', path)
    assert.is(answer.status, 400, path)
    checkProblem(answer, 'REQUEST_INVALID')
  }
})

const MALFORMED_IDS = [
  ...['..%2f', '..%2f..%2fetc%2fpasswd', '%2e%2e', '%252e%252e%252f', '..;', '%5c..%5c', '%00', 'a%00b', '%0d%0a'],
  ...['x'.repeat(300), '%F0%9F%93%88', '%EF%BF%BD', 'a%20b', "'%20or%201=1--", '%3Cscript%3E', '-', '~', '*', '%7B%7D'],
]

test('a malformed id is found nowhere and never a failure', async () => {
  const places = [
    (id: string) => `/api/datasets/${id}`,
    (id: string) => `/api/datasets/${id}/runs`,
    (id: string) => `/api/datasets/${id}/ohlcv`,
    (id: string) => `/api/runs/${id}`,
    (id: string) => `/api/runs/${id}/predictions`,
    (id: string) => `/api/jobs/${id}`,
    (id: string) => `/api/questdb/jobs/${id}`,
    (id: string) => `/api/questdb/measurement/${id}`,
  ]
  for (const place of places) {
    for (const id of MALFORMED_IDS) {
      const answer = await raw('GET', place(id))
      assert.is(answer.status, 404, place(id))
      checkProblem(answer, 'ROUTE_NOT_FOUND')
    }
  }
})

test('an id of the right form that names nothing is not found either', async () => {
  const ids = ['8620f8da-8f74-4dd9-8ee2-d14d2c672873', 'nothing', '0', '1.0', '__proto__', 'constructor']
  const places = [
    ['/api/datasets/', 'DATASET_NOT_FOUND'],
    ['/api/runs/', 'RUN_NOT_FOUND'],
    ['/api/jobs/', 'JOB_NOT_FOUND'],
    ['/api/questdb/jobs/', 'JOB_NOT_FOUND'],
  ] as const
  for (const [place, code] of places) {
    for (const id of ids) {
      const answer = await server.get(place + id)
      assert.is(answer.status, 404)
      assert.ok(checkProblem(answer, code).message.includes(id))
    }
  }
  const table = await server.get('/api/questdb/measurement/nothing_like_it')
  assert.is(table.status, 404)
  checkProblem(table, 'MEASUREMENT_NOT_FOUND')
})

test.run()
