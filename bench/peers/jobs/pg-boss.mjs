// pg-boss: batches of 100 fetched and completed by as many loops as jobs may run at once; woken by NOTIFY when it waits for single jobs.
import { PgBoss } from 'pg-boss';
import { now, serve } from './contestant.mjs';

const queue = 'noop';
const batch = 100;

async function start(connections) {
  const boss = new PgBoss({
    host: process.env.PGHOST, port: Number(process.env.PGPORT), user: process.env.PGUSER, password: process.env.PGPASSWORD, database: process.env.PGDATABASE,
    max: connections, supervise: false, schedule: false, useListenNotify: true,
  });
  boss.on('error', (error) => { console.error(error); });
  await boss.start();
  return boss;
}

let boss;
let worker;

await serve({
  async prepare() {
    boss ??= await start(2);
    if (await boss.getQueue(queue)) await boss.deleteAllJobs(queue);
    else await boss.createQueue(queue, { notify: true });
  },
  async enqueue(jobs) {
    for (let done = 0; done < jobs; done += 5_000)
      await boss.insert(queue, Array.from({ length: Math.min(5_000, jobs - done) }, () => ({ data: {} })));
  },
  async run(jobs, concurrency) {
    const runner = await start(concurrency);
    let ran = 0;
    const started = now();
    await Promise.all(Array.from({ length: concurrency }, async () => {
      for (;;) {
        const fetched = await runner.fetch(queue, { batchSize: batch });
        if (fetched.length === 0) return;
        ran += fetched.length;
        await runner.complete(queue, fetched.map((job) => job.id));
      }
    }));
    const seconds = (now() - started) / 1000;
    await runner.stop({ graceful: false });
    if (ran !== jobs) throw new Error(`${ran} of ${jobs} jobs ran`);
    return seconds;
  },
  async listen(concurrency, _, onJob) {
    worker = await start(concurrency + 2);
    await worker.work(queue, { localConcurrency: concurrency, pollingIntervalSeconds: 0.5 }, async (jobs) => { for (const job of jobs) onJob(job.data.sentAt); });
  },
  async feed() {
    boss ??= await start(2);
    return (payload) => boss.send(queue, payload);
  },
  async close() {
    await worker.stop({ graceful: false });
  },
});
