import type { Caller, Members } from '../../../../../rehearsal/cloud/types';
import type { LaptopCloud } from '../../../../../rehearsal/kernel/cloud';
import type { Sqs } from '../../../../../rehearsal/services/sqs';
import { mapTexts, type RecordedEvent, type Recording } from './recording';

const SECOND = 1000;

/** How a worker answered the tasks that waited, in order, as the history tells. */
function outcomes(history: RecordedEvent[]): RecordedEvent[] {
  return history.filter(
    ({ type, resource }) =>
      (/^Task(Succeeded|Failed|TimedOut)$/.test(type) && String(resource).endsWith('.waitForTaskToken')) ||
      /^Activity(Succeeded|Failed|TimedOut)$/.test(type),
  );
}

/** Answers the recording's waiting tasks as its worker did: those that take messages from the queue, and those of its activity. */
export class Worker {
  private readonly outcomes: RecordedEvent[];

  constructor(
    recording: Recording,
    private readonly cloud: LaptopCloud,
    private readonly caller: Caller,
  ) {
    this.outcomes = outcomes(recording.history);
  }

  async answer(taskToken: string): Promise<void> {
    const outcome = this.outcomes.shift();
    const send = (operation: string, more: Members): Promise<Members> =>
      this.cloud.call('sfn', operation, { taskToken, ...more }, this.caller);
    if (outcome === undefined || outcome.type.endsWith('TimedOut')) return;
    const { output, error, cause } = outcome;
    if (outcome.type.endsWith('Failed')) await send('SendTaskFailure', { error, cause });
    else
      await send('SendTaskSuccess', { output: JSON.stringify(mapTexts(output, (text) => (text === 'a_task_token' ? taskToken : text))) });
  }

  listen(queueUrl: string, queueArn: string): void {
    this.cloud.double<Sqs>('sqs').onMessage(queueArn, () => {
      this.cloud.clock.after(SECOND, async () => {
        const { Messages = [] } = await this.cloud.call('sqs', 'ReceiveMessage', { QueueUrl: queueUrl }, this.caller);
        for (const { Body } of Messages as { Body: string }[]) {
          const { TaskToken } = (asObject(Body) ?? {}) as { TaskToken?: string };
          if (TaskToken !== undefined) await this.answer(TaskToken);
        }
      });
    });
  }

  async takeActivity(activityArn: string): Promise<void> {
    const { taskToken } = await this.cloud.call('sfn', 'GetActivityTask', { activityArn, workerName: 'worker' }, this.caller);
    if (typeof taskToken === 'string' && taskToken !== '') await this.answer(taskToken);
  }
}

function asObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
