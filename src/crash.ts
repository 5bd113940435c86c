/**
 * Named places at which a test has the process die: between two steps whose effects outlive it, where a crash is hard to hit by
 * chance. Whoever comes to the place whose name stands in the file that `CRASH_AT_FILE` names says so on stderr and stays there,
 * in whichever thread; the test kills the process then, as a power cut of this process alone would. So many a deed can stand at
 * its own place when one process dies. Without `CRASH_AT_FILE` in the environment the calls do nothing.
 *
 * test/faults/crash-scenarios.ts has a way to each of them: a place without one does not compile.
 */
import { readFileSync, writeSync } from 'node:fs'

/** Every point, and what has happened before it. */
export type CrashPoint =
  // A request under a key.
  | 'idempotency-claimed' // the key is taken; nothing else
  | 'idempotency-answer-made' // the effect is there; its answer is not kept
  | 'idempotency-answer-kept' // the answer is kept; the client has not got it
  // Bodies that are kept.
  | 'spool-written' // the body is a file in the spool; nobody remembers it
  | 'upload-stored' // the upload is recorded; its client does not know its id
  // A job, whatever its kind.
  | 'job-stored' // it waits in the queue; its client does not know its id
  | 'job-begun' // it is stored as running, and a caller waits for it
  | 'job-claimed' // it was taken from the queue
  | 'job-work-done' // its effect is in place; it still runs
  | 'job-ended' // how it ended is written; what it needed is still there
  | 'job-cleaned' // what it needed is gone; whoever waits has not heard of it
  | 'job-requeued' // it waits again, for an engine that is away
  | 'job-retried' // it failed and waits again, because a client wants it to
  | 'cancel-of-waiting' // a job that waited is cancelled; what it needed is still there
  | 'cancel-wanted' // it is written that a running job is to be cancelled; nobody was told
  | 'cancel-rolled-back' // the work has taken everything back; the job still runs
  // Rows on their way to QuestDB.
  | 'load-recorded' // the staging table's name is recorded; there is no such table
  | 'load-table-made' // the staging table is there, without rows
  | 'load-columns-added' // the staging table has got more columns
  | 'load-rows-sent' // some rows were sent to the staging table, as line protocol
  | 'load-begun-anew' // the staging table was dropped, to be filled with another type of column
  | 'load-filled' // the staging table has all rows, readable
  | 'relay-file-written' // a file of rows is in the shared folder; QuestDB has not loaded it
  | 'relay-file-loaded' // QuestDB has loaded it; the file is still there
  | 'one-request-fitted' // the measurement has the columns that it needs; no row was sent
  | 'one-request-sent' // all rows are QuestDB's; they may not be readable yet
  | 'load-done' // the thread has told that all rows are readable, where they were sent
  // Staged rows on their way into their measurement.
  | 'effect-begun' // the job was found to be this run's own; its rows are still staged
  | 'create-recorded' // it is recorded that the staging table becomes the measurement
  | 'create-renamed' // it has become the measurement; nothing is confirmed
  | 'create-confirmed' // what goes with the rows is stored
  | 'replace-recorded' // the future name of the former table is recorded
  | 'replace-emptied' // the former table has that name; there is no measurement
  | 'replace-renamed' // the staging table is the measurement; nothing is confirmed
  | 'replace-confirmed' // what goes with the rows is stored; the former table is still there
  | 'replace-dropped' // the former table is gone; its name is still recorded
  | 'merge-fitted' // the measurement has the columns that it needs; no row was copied
  | 'merge-inserted' // all rows are in the measurement; they may not be readable yet
  | 'merge-confirmed' // what goes with the rows is stored
  | 'load-published' // the rows are in place, and settled; the staging table's name is recorded
  | 'load-staging-dropped' // no staging table is left; its name is still recorded
  // What an earlier crash has left is set right.
  | 'recover-undone' // rows that were not settled are dropped; there is no measurement
  | 'recover-renamed' // the former table is the measurement again; its other name is still recorded
  | 'recover-unmade' // a measurement that was not settled is a staging table again
  | 'recover-dropped' // a table that nobody needs is dropped; its name is still recorded
  // Runs, files and datasets.
  | 'run-stored' // run, folds and document are written; the transaction is not committed
  | 'run-committed' // it is committed
  | 'rejected-rows-listed' // the list of rows that were left out is a file; nobody remembers it
  | 'rejected-rows-kept' // it can be downloaded; the rows that were taken can still be taken back
  | 'rejected-rows-discarded' // the file of a list that is not needed is gone
  | 'export-written' // the file is whole; nobody remembers it
  | 'export-kept' // it can be downloaded; the job does not name it yet
  | 'dataset-registered' // dataset and job are stored; the body is still the request's
  | 'dataset-tables-made' // the tables are there; the dataset is not registered
  | 'dataset-frame-loaded' // one frame is loaded; nobody was told
  | 'dataset-frame-told' // that is told; the next frame is not loaded
  | 'dataset-figures-stored' // the registered figures are those of the tables

const FILE = process.env.CRASH_AT_FILE

/** Never returns when this is the place at which the process is to die. */
export async function crashPoint(name: CrashPoint): Promise<void> {
  if (FILE === undefined || readFileSync(FILE, 'utf8') !== name) return
  writeSync(2, `held at ${name}\n`)
  await new Promise(() => {})
}
