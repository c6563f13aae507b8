// Lets a job queue take part in bench/run jobs: each line on standard input is a command as JSON, each line on standard output its answer.
// The database is in PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, which pg reads by itself.
import { createInterface } from 'node:readline';

/** Milliseconds of the machine's monotonic clock, which all processes share. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

/**
 * @param queue prepare(), enqueue(jobs), run(jobs, concurrency, mode) -> seconds, listen(concurrency, mode, onJob), feed() -> send(payload), close()
 */
export async function serve(queue) {
  let pickups = [];
  let send;
  const commands = {
    prepare: async () => { await queue.prepare(); return {}; },
    enqueue: async ({ jobs }) => { await queue.enqueue(jobs); return {}; },
    run: async ({ jobs, concurrency, mode }) => ({ seconds: await queue.run(jobs, concurrency, mode) }),
    listen: async ({ concurrency, mode }) => {
      pickups = [];
      await queue.listen(concurrency, mode, (sentAt) => pickups.push(now() - sentAt));
      return {};
    },
    feed: async ({ gaps }) => {
      send ??= await queue.feed();
      let due = now();
      for (const gap of gaps) {
        due += gap;
        await sleep(due - now());
        await send({ sentAt: now() });
      }
      return {};
    },
    pickups: async ({ jobs }) => {
      const limit = now() + 30_000;
      while (pickups.length < jobs && now() < limit) await sleep(5);
      await queue.close();
      return { milliseconds: pickups };
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    process.stdout.write(JSON.stringify(await commands[command.do](command)) + '\n');
  }
  process.exit(0);
}
