import type { Members } from '../../../../rehearsal/cloud/types';
import { mapBench, reader } from './map-support';
import { outputOf } from './support';

describe('items of a distributed Map', () => {
  const files = {
    'rows.csv': 'name,note\r\na,"one, ""two""\nthree"\r\nb\r\n\r\nc,d,e\r\n',
    'rows.txt': '1|2\n3|4',
    'array.json': '[1,{"a":2},"x"]',
    'deep.json': '{"found":{"it/em~s":[7,8]}}',
    'lines.jsonl': '{"a":1}\n\n{"a":2}\n',
  };

  it.each<[string, string, Members, unknown]>([
    [
      'CSV with its first row as headers',
      'rows.csv',
      { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
      [
        { name: 'a', note: 'one, "two"\nthree' },
        { name: 'b', note: '' },
        { name: 'c', note: 'd' },
      ],
    ],
    [
      'CSV with given headers and another delimiter',
      'rows.txt',
      { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['x', 'y'], CSVDelimiter: 'PIPE' },
      [
        { x: '1', y: '2' },
        { x: '3', y: '4' },
      ],
    ],
    ['a JSON array', 'array.json', { InputType: 'JSON' }, [1, { a: 2 }, 'x']],
    ['an array inside JSON', 'deep.json', { InputType: 'JSON', ItemsPointer: '/found/it~1em~0s' }, [7, 8]],
    ['the members of an object inside JSON', 'deep.json', { InputType: 'JSON' }, [{ Key: 'found', Value: { 'it/em~s': [7, 8] } }]],
    ['JSON lines', 'lines.jsonl', { InputType: 'JSONL' }, [{ a: 1 }, { a: 2 }]],
    ['at most MaxItems', 'array.json', { InputType: 'JSON', MaxItems: '{% 1 + 1 %}' }, [1, { a: 2 }]],
    ['all, where MaxItems is 0', 'array.json', { InputType: 'JSON', MaxItems: 0 }, [1, { a: 2 }, 'x']],
  ])('are read from S3: %s', async (_what, key, config, items) => {
    const { run, history } = mapBench(files);
    const described = await run(reader(key, config));
    expect(outputOf(described)).toEqual(items);
    const events = await history(described.executionArn as string);
    expect(events.map(({ type }) => type as string)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect((events[2]?.mapStateStartedEventDetails as Members).length).toBe(0);
  });

  it('are a bucket’s objects, page after page', async () => {
    const many = Object.fromEntries(Array.from({ length: 1003 }, (_, index) => [`in/${String(index).padStart(4, '0')}`, 'x']));
    const { run } = mapBench({ ...many, other: 'y' });
    const described = await run(
      {
        ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'b', Prefix: '{% $states.input.prefix %}' } },
        ItemBatcher: { MaxItemsPerBatch: 500 },
      },
      { prefix: 'in/' },
    );
    const batches = outputOf(described) as { Items: Members[] }[];
    expect(batches.map(({ Items }) => Items.length)).toEqual([500, 500, 3]);
    expect(batches[2]?.Items[2]).toEqual({
      Etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as unknown,
      Key: 'in/1002',
      LastModified: expect.any(Number) as unknown,
      Size: 1,
      StorageClass: 'STANDARD',
    });
  });

  it.each([
    ['no such bucket', undefined, { InputType: 'JSON' }, 'The specified bucket does not exist'],
    ['neither array nor object', 'number.json', { InputType: 'JSON' }, 'Attempting to map over non-iterable node.'],
    ['no JSON', 'rows.csv', { InputType: 'JSONL' }, 'The file does not hold valid JSON'],
    [
      'a header twice',
      'rows.txt',
      { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['x', 'x'] },
      'CSV headers cannot contain duplicates.',
    ],
    ['a quote that does not end', 'quote.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }, 'quoted field that does not end'],
  ])('fail as States.ItemReaderFailed: %s', async (_what, key, config, cause) => {
    const { run, history } = mapBench({ ...files, 'quote.csv': 'a\n"b', 'number.json': '7' });
    const source = reader(key ?? '', config);
    if (key === undefined) source.ItemReader.Arguments.Bucket = 'none';
    const described = await run({
      ...source,
      Retry: [{ ErrorEquals: ['States.ItemReaderFailed'], MaxAttempts: 1 }],
    });
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
    expect(described.cause).toContain(cause);
    const types = (await history(described.executionArn as string)).map(({ type }) => type as string);
    expect(types.filter((type) => type === 'MapRunFailed')).toHaveLength(2);
    expect(types.slice(-2)).toEqual(['MapStateFailed', 'ExecutionFailed']);
  });

  it('come from the input, selected one by one', async () => {
    const { run } = mapBench();
    const described = await run(
      {
        Items: '{% $states.input.items %}',
        ItemSelector: {
          at: '{% $states.context.Map.Item.Index %}',
          item: '{% $states.context.Map.Item.Value %}',
          all: '{% $states.input.name %}',
        },
      },
      { items: ['a', 'b'], name: 'n' },
    );
    expect(outputOf(described)).toEqual([
      { at: 0, item: 'a', all: 'n' },
      { at: 1, item: 'b', all: 'n' },
    ]);
  });

  it('are put into batches by number and size, with what they share', async () => {
    const { run } = mapBench();
    const batcher = { MaxItemsPerBatch: 3, MaxInputBytesPerBatch: '{% $length($string({"BatchInput":{"k":1},"Items":["aa","bb"]})) %}' };
    const described = await run({ ItemBatcher: { ...batcher, BatchInput: { k: '{% $count($states.input) - 3 %}' } } }, [
      'aa',
      'bb',
      'c',
      'd',
    ]);
    expect(outputOf(described)).toEqual([
      { BatchInput: { k: 1 }, Items: ['aa', 'bb'] },
      { BatchInput: { k: 1 }, Items: ['c', 'd'] },
    ]);
    const tooLong = await run({ ItemBatcher: { MaxInputBytesPerBatch: 20 } }, ['x'.repeat(20)]);
    expect(tooLong).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('may be none', async () => {
    const { run, mapRun } = mapBench();
    const described = await run({}, []);
    expect(outputOf(described)).toEqual([]);
    expect(await mapRun(described)).toMatchObject({ status: 'SUCCEEDED', itemCounts: { total: 0 } });
  });
});
