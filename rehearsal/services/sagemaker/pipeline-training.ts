import { AwsError, type Cloud } from '../../cloud/types';
import type { Jobs } from './jobs';
import type { StepTrainer } from './pipelines';
import type { Store } from './store';
import { startTraining } from './training';

/** A pipeline's training step is a training job where something plays those; elsewhere it merely takes its time. */
export function stepTrainer(cloud: Cloud, store: Store, jobs: Jobs): StepTrainer {
  return (request) => (jobs.runners.has('training') ? trained(cloud, store, jobs, request) : undefined);
}

async function trained(cloud: Cloud, store: Store, jobs: Jobs, request: Parameters<StepTrainer>[0]): Promise<{ failure?: string }> {
  try {
    const job = await startTraining(cloud, store, jobs, request);
    await new Promise<void>((resolve) => (job.ended = resolve));
    return job.status === 'Completed' ? {} : { failure: job.failureReason ?? `the training job is ${job.status}` };
  } catch (error) {
    if (error instanceof AwsError) return { failure: `ClientError: ${error.message}` };
    throw error;
  }
}
