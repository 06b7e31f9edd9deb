import type { Members } from '../../../../rehearsal/cloud/types';
import { failAt, mapBench, writer } from './map-support';
import { outputOf } from './support';

describe('ResultWriter', () => {
  it('writes a manifest and a file for each way to end', async () => {
    const { run, text, mapRun } = mapBench();
    const described = await run({ ResultWriter: writer, ToleratedFailureCount: 1 }, [1, 2, 3], failAt('$states.input = 2'));
    const { MapRunArn, ResultWriterDetails } = outputOf(described) as {
      MapRunArn: string;
      ResultWriterDetails: { Bucket: string; Key: string };
    };
    const folder = `results/${MapRunArn.replace(/^.*:/, '')}`;
    expect(ResultWriterDetails).toEqual({ Bucket: 'b', Key: `${folder}/manifest.json` });
    const manifest = JSON.parse(await text(ResultWriterDetails.Key)) as Members;
    const good = await text(`${folder}/SUCCEEDED_0.json`);
    expect(manifest).toEqual({
      DestinationBucket: 'b',
      MapRunArn,
      ResultFiles: {
        FAILED: [{ Key: `${folder}/FAILED_0.json`, Size: expect.any(Number) as unknown }],
        PENDING: [],
        SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json`, Size: good.length }],
      },
    });
    expect(JSON.parse(good)).toMatchObject([
      { Input: '1', Output: '1', Status: 'SUCCEEDED', RedriveStatus: 'NOT_REDRIVABLE' },
      { Input: '3', Output: '3' },
    ]);
    expect(JSON.parse(await text(`${folder}/FAILED_0.json`))).toMatchObject([{ Input: '2', Status: 'FAILED', Error: 'Bad' }]);
    expect(await mapRun(described)).toMatchObject({ itemCounts: { resultsWritten: 3 } });
  });

  it('shapes what it writes', async () => {
    const flat = { WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSONL' } };
    const { run, text } = mapBench();
    const described = await run({ ResultWriter: { ...writer, ...flat } }, [[1, 2], [3]]);
    const { Key } = (outputOf(described) as { ResultWriterDetails: { Key: string } }).ResultWriterDetails;
    expect(await text(Key.replace('manifest.json', 'SUCCEEDED_0.jsonl'))).toBe('1\n2\n3');
    expect(outputOf(await run({ ResultWriter: flat }, [[1, 2], [3]]))).toEqual([1, 2, 3]);
    expect(outputOf(await run({ ResultWriter: { WriterConfig: { Transformation: 'NONE' } } }, [7]))).toMatchObject([
      { Input: '7', Output: '7' },
    ]);
  });

  it('writes also what a Map Run that failed left undone', async () => {
    const { run, s3 } = mapBench();
    const described = await run({ ResultWriter: writer, MaxConcurrency: 1 }, [1, 2], failAt('$states.input = 1'));
    expect(described).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    const { Contents } = await s3('ListObjectsV2', { Bucket: 'b' });
    expect((Contents as Members[]).map(({ Key }) => String(Key).replace(/^.*\//, ''))).toEqual([
      'FAILED_0.json',
      'PENDING_0.json',
      'manifest.json',
    ]);
  });

  it('fails as States.ResultWriterFailed', async () => {
    const described = await mapBench().run({ ResultWriter: { ...writer, Arguments: { Bucket: 'none' } } }, [1]);
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.ResultWriterFailed' });
  });
});
