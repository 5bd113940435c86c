/** The server dies at every named step of a request or its job: afterwards everything is whole or absent. */
import { shortForm } from '../faults/crash-scenarios.js'
import { CrashStage } from '../faults/crash-stage.js'
import { test } from '../support/test.js'

const stage = await CrashStage.open()
test.after(() => stage.release())

test('dead at each step of a request and its job: the next start recovers it, and the same request ends in the same state', () =>
  stage.play(shortForm('requests'), true))

test.run()
