/** Scenarios that run side by side, each in its own simulation thread. */
const THREADS = 2;

/** Runs all jobs, a few at a time; results keep the order of the jobs. */
export async function runAll<J, R>(jobs: readonly J[], runOne: (job: J) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(jobs.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next;
      next += 1;
      results[index] = await runOne(jobs[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(THREADS, jobs.length) }, work));
  return results;
}
