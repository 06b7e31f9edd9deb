import type { Members } from '../../../../rehearsal/cloud/types';
import { createS3 } from '../../../../rehearsal/services/s3';
import { world } from '../../support/fake-cloud';
import { bench } from './support';

export const each = { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } };
/** Items of which `bad` holds fail; the others take ten seconds. */
export const failAt = (bad: string) => ({
  StartAt: 'C',
  States: {
    C: { Type: 'Choice', Choices: [{ Condition: `{% ${bad} %}`, Next: 'F' }], Default: 'W' },
    F: { Type: 'Fail', Error: 'Bad', Cause: 'it is' },
    W: { Type: 'Wait', Seconds: 10, End: true },
  },
});

/** A machine of one distributed Map, over a real bucket. */
export function mapBench(files: Record<string, string> = {}) {
  const made = bench();
  const s3 = made.cloud.add(createS3(made.cloud));
  const settings = { versioning: undefined, objectLock: false, eventBridge: false, tags: [] };
  s3.createBucket('b', settings);
  const call = async (operation: string, input: Members): Promise<Members> => {
    const answer = made.cloud.call('s3', operation, input, world);
    answer.catch(() => undefined);
    await made.cloud.clock.run(made.cloud.clock.now() + 5);
    return answer;
  };
  const state = (more: Members, processor: Members = each) => ({
    M: {
      Type: 'Map',
      End: true,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...processor },
      ...more,
    },
  });
  const run = async (more: Members, input: unknown = {}, processor: Members = each): Promise<Members> => {
    for (const [Key, Body] of Object.entries(files)) await call('PutObject', { Bucket: 'b', Key, Body });
    return made.run(state(more, processor), input);
  };
  const text = async (Key: string): Promise<string> =>
    Buffer.from((await call('GetObject', { Bucket: 'b', Key })).Body as Uint8Array).toString('utf8');
  const mapRun = async (described: Members): Promise<Members> => {
    const { mapRuns } = await made.call('ListMapRuns', { executionArn: described.executionArn as string });
    return made.call('DescribeMapRun', { mapRunArn: (mapRuns as Members[])[0]?.mapRunArn as string });
  };
  return { ...made, state, run, s3: call, text, mapRun };
}

export const reader = (Key: string, ReaderConfig: Members) => ({
  ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig, Arguments: { Bucket: 'b', Key } },
});
export const writer = { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'results/' } };
