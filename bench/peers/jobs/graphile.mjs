// graphile-worker, plain and batched. Batched is the configuration that its documentation calls optimal (worker.graphile.org/docs/performance).
import { Logger, makeWorkerUtils, run, runOnce } from 'graphile-worker';
import pg from 'pg';
import { now, serve } from './contestant.mjs';

const logger = new Logger(() => () => {}); // a line per job is not what is measured
const batched = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
let utils;
let runner;

const options = (concurrency, mode, task, pgPool) => ({
  preset: { worker: { concurrentJobs: concurrency, maxPoolSize: concurrency + 1, ...(mode === 'batched' ? batched : {}) } },
  taskList: { noop: task },
  noHandleSignals: true,
  logger,
  pgPool,
});

/** Connections are made before the clock starts. */
async function poolOf(size) {
  const pool = new pg.Pool({ max: size });
  const report = (error) => console.error(error);
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
  const clients = await Promise.all(Array.from({ length: size }, () => pool.connect()));
  for (const client of clients) client.release();
  return pool;
}

await serve({
  async prepare() {
    utils ??= await makeWorkerUtils({ pgPool: await poolOf(1), logger });
    await utils.migrate();
    await utils.withPgClient((client) => client.query('truncate graphile_worker._private_jobs'));
  },
  async enqueue(jobs) {
    for (let done = 0; done < jobs; done += 20_000)
      await utils.addJobs(Array.from({ length: Math.min(20_000, jobs - done) }, () => ({ identifier: 'noop', payload: {} })));
  },
  async run(jobs, concurrency, mode) {
    let ran = 0;
    const pool = await poolOf(concurrency + 1);
    const started = now();
    await runOnce(options(concurrency, mode, () => { ran++; }, pool)); // comes back when every completion is stored
    const seconds = (now() - started) / 1000;
    const again = now();
    await runOnce(options(concurrency, mode, () => {}, pool)); // starting and stopping alone, which its own measurement subtracts too
    const startup = (now() - again) / 1000;
    await pool.end();
    if (ran !== jobs) throw new Error(`${ran} of ${jobs} jobs ran`);
    return seconds - startup;
  },
  async listen(concurrency, mode, onJob) {
    runner = await run(options(concurrency, mode, (payload) => onJob(payload.sentAt), await poolOf(concurrency + 2)));
  },
  async feed() {
    utils ??= await makeWorkerUtils({ pgPool: await poolOf(1), logger });
    return (payload) => utils.addJob('noop', payload);
  },
  async close() {
    await runner.stop();
  },
});
