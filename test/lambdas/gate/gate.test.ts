import { createHash } from 'node:crypto';
import { type GatePolicy, type GoldenSetGate, ledgerKeys, type LoadGate } from '../../../core/contracts';
import { inTurns } from '../../../lambdas/gate/in-turns';
import { score } from '../../../lambdas/gate/score';
import { about, dark, DATA, failing, gateWorld, linesOf, type Options, RELEASE } from './world';

const golden: GoldenSetGate = {
  kind: 'golden-set',
  name: 'labels',
  data: DATA,
  scorer: { kind: 'exact-match', field: 'label' },
  atLeast: 0.9,
};

const ran = async (gate: GatePolicy, options: Options = {}) => (await gateWorld(gate, options)).run();

describe('a golden set', () => {
  test('sends every line once to the dark candidate by its variant, and keeps a result without content', async () => {
    const text = linesOf(45, () => ({ note: 'hush' }));
    const world = await gateWorld(golden, { text, answer: ({ body }) => ({ label: body.includes('"n":7}') ? 'no' : 'yes' }) });
    const result = await world.run();
    expect(result).toMatchObject({ releaseId: RELEASE, gate: 'labels', kind: 'golden-set', passed: true, worstLines: [8] });
    expect(result.data).toEqual({
      uri: 's3://assets/golden.jsonl',
      sha256: createHash('sha256').update(world.state.text).digest('hex'),
      lines: 45,
    });
    expect(result.measured.find(({ name }) => name === 'mean score')).toMatchObject({ value: 0.977778, count: 45, passed: true });
    expect(world.asked).toHaveLength(45);
    expect(new Set(world.asked.map(({ body }) => body)).size).toBe(45);
    expect(world.asked.every(({ variant, inferenceId }) => variant === 'b' && inferenceId.startsWith(`gate-${RELEASE}-0-`))).toBe(true);
    expect(await world.ledger.get(ledgerKeys.gate(RELEASE, 'labels'))).toEqual(result);
    expect(JSON.stringify(world.items('gate'))).not.toMatch(/hush|yes|expected/);
  });

  test('comes to the same where a batch is scored again', async () => {
    const world = await gateWorld(golden);
    const { batches = [] } = await world.opened();
    for (const batch of [...batches, ...batches]) await score(world.parts, { ...about, action: 'score', batch });
    expect(await world.concluded()).toMatchObject({ passed: true, reason: expect.stringContaining('of 45 lines') as string });
  });

  test('fails where a batch is missing', async () => {
    const world = await gateWorld(golden);
    const { batches = [] } = await world.opened();
    for (const batch of batches.slice(1)) await score(world.parts, { ...about, action: 'score', batch });
    expect(await world.concluded()).toMatchObject({ passed: false, reason: 'only 25 of 45 lines were scored' });
  });

  test('asks stable, or the baseline, the same lines', async () => {
    const notWorse = { than: 'stable', by: 0 } as const;
    const answer: Options['answer'] = ({ variant, body }) => ({ label: variant === 'b' && body.includes('1') ? 'no' : 'yes' });
    const world = await gateWorld({ ...golden, atLeast: undefined, notWorse }, { answer });
    expect(await world.run()).toMatchObject({
      passed: false,
      reason: expect.stringContaining("stable's 1 on the same 45 lines") as string,
    });
    expect(world.asked.filter(({ variant }) => variant === 'a')).toHaveLength(45);
    expect(await ran({ ...golden, notWorse: { than: 'baseline', by: 0 } }, { answer })).toMatchObject({ passed: false });
    const first = await gateWorld({ ...golden, notWorse }, { control: { ...dark, stable: undefined } });
    expect(await first.run()).toMatchObject({ passed: true, reason: expect.stringContaining('no stable release yet') as string });
  });

  test.each([
    ['no answer (ThrottlingException): 45, first at line 1', { answer: () => Promise.reject(failing('ThrottlingException')) }],
    ['the answer is no JSON: 45, first at line 1', { answer: () => 'yes, certainly' }],
    ['the answer has no label: 45', { answer: () => ({ verdict: 'yes' }) }],
    [
      'the line has no expected to compare with: 1, first at line 3',
      { text: linesOf(5, (index) => (index === 2 ? { expected: undefined } : {})) },
    ],
    ['no time was left', { remaining: () => 10_000 }],
  ])('fails with "%s"', async (reason, options: Options) => {
    const result = await ran({ ...golden, atLeast: 0 }, options);
    expect(result.passed).toBe(false);
    expect(result.reason).toContain(reason);
    expect(result.reason).not.toContain('quotes a request');
  });

  test('fails where a line lacks the field of slices or of groups', async () => {
    const slices = { by: 'segment', atLeast: 0, minimumLines: 1 };
    const text = linesOf(4, (index) => (index === 3 ? {} : { segment: 'gold' }));
    expect((await ran({ ...golden, slices }, { text })).reason).toContain('the line has no segment to group it by');
  });
});

describe('a data set', () => {
  const broken = `${linesOf(2)}{"request": secret\n`;

  test.each([
    ['s3://assets/golden.jsonl is empty: a JSON object a line is needed', { text: '' }],
    ['line 3 of s3://assets/golden.jsonl is no JSON object', { text: broken }],
    ['line 1 of s3://assets/golden.jsonl is no JSON object', { text: '[1, 2]\n' }],
    ['line 2 of s3://assets/golden.jsonl: the line has no request', { text: `${linesOf(1)}{"expected": 1}\n` }],
    ['cannot be read (NoSuchKey): there is no such object', { s3Error: () => 'NoSuchKey' }],
    ['cannot be read (AccessDenied)', { s3Error: () => 'AccessDenied' }],
  ])('that cannot be used fails the gate: %s', async (reason, options: Options) => {
    const world = await gateWorld(golden, options);
    expect(await world.opened()).toEqual({ measure: 'none' });
    const result = await world.concluded();
    expect(result.passed).toBe(false);
    expect(result.reason).toContain(reason);
    expect(result.reason).not.toContain('secret');
    expect(world.asked).toEqual([]);
  });

  test('whose hash is not the one that was deployed fails the gate', async () => {
    const { passed, reason } = await ran({ ...golden, data: { ...DATA, sha256: '0'.repeat(64) } });
    expect(passed).toBe(false);
    expect(reason).toMatch(/^s3:\/\/assets\/golden\.jsonl has the SHA-256 [0-9a-f]{64}, the charter says 0{64}/);
  });

  test('that changes while the gate runs is never scored under the hash that was noted', async () => {
    const world = await gateWorld(golden);
    const { batches = [] } = await world.opened();
    world.state.text = linesOf(45, () => ({ expected: 'no' }));
    const scoring = score(world.parts, { ...about, action: 'score', batch: batches[0]! });
    await expect(scoring).rejects.toMatchObject({ name: 'DataSetChanged' });
    const result = await world.concluded({ failure: { what: 'scoring lines', error: 'DataSetChanged' } });
    expect(result).toMatchObject({ passed: false, reason: 'scoring lines: the data set changed while it was read' });
  });

  test('that S3 does not give for a moment is asked for again by the workflow', async () => {
    const world = await gateWorld(golden, { s3Error: () => 'SlowDown' });
    await expect(world.opened()).rejects.toMatchObject({ name: 'SlowDown' });
  });
});

describe('scorers', () => {
  const scoredBy = (scorer: GoldenSetGate['scorer'], options: Options) => ran({ ...golden, scorer, atLeast: 0.5 }, options);
  const byFunction = { kind: 'function', functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:score' } as const;
  const byModule = { kind: 'module', name: 'abc' } as const;
  const byJudge = { kind: 'judge', modelId: 'eu.model', prompt: 'Is it polite?' } as const;

  test("of the user's get the line and the answer", async () => {
    const scorer: Options['scorer'] = ({ line, answer }) => ({
      score: (line as { expected: string }).expected === (answer as { label: string }).label ? 1 : 0,
    });
    expect(await scoredBy(byFunction, { scorer })).toMatchObject({ passed: true });
    const module = { score: (line: { expected: string }, answer: { label: string }) => line.expected === answer.label };
    expect(await scoredBy(byModule, { modules: { abc: module } })).toMatchObject({ passed: true });
    expect(
      await scoredBy(byJudge, {
        judge: ({ system, message }) => (system.includes('polite') && message.includes('"label"') ? '{"score": 0.6}' : '0'),
      }),
    ).toMatchObject({
      passed: true,
    });
  });

  test.each([
    ['the scorer answered no score from 0 to 1', byFunction, { scorer: () => ({ verdict: 'good' }) }],
    ['the scorer answered no JSON', byFunction, { scorer: () => undefined }],
    ['the scorer failed', byFunction, { scorer: () => 'throws' }],
    [
      'the scorer threw (TypeError)',
      byModule,
      {
        modules: {
          abc: {
            score: () => {
              throw new TypeError('quotes a request');
            },
          },
        },
      },
    ],
    ['the scorer answered no score from 0 to 1', byModule, { modules: { abc: { score: () => Number.NaN } } }],
    ['the scorer exports no function score', byModule, { modules: { abc: {} } }],
    ['is not deployed any more, or does not load (MODULE_NOT_FOUND)', byModule, {}],
    ['the judge answered no score from 0 to 1', byJudge, { judge: () => 'As a model, I cannot judge.' }],
    [
      'the judge did not answer (ThrottlingException)',
      byJudge,
      {
        judge: () => {
          throw failing('ThrottlingException');
        },
      },
    ],
  ] as [string, GoldenSetGate['scorer'], Options][])('that fail, fail the gate: %s', async (reason, scorer, options) => {
    const result = await scoredBy(scorer, options);
    expect(result.passed).toBe(false);
    expect(result.reason).toContain(reason);
    expect(result.reason).not.toContain('quotes a request');
  });

  test('that are wrong themselves fail the gate before a line is sent', async () => {
    const world = await gateWorld({ ...golden, scorer: { kind: 'json-schema', schema: { type: 'thing' } } });
    expect(await world.opened()).toEqual({ measure: 'none' });
    expect(await world.concluded()).toMatchObject({
      passed: false,
      reason: expect.stringContaining('JSON Schema cannot be used') as string,
    });
  });
});

test('a release that no longer stands in the dark fails its gates without a request', async () => {
  for (const control of [
    { ...dark, candidate: undefined },
    { ...dark, mode: 'killed' as const },
  ]) {
    const world = await gateWorld(golden, { control });
    expect(await world.run()).toMatchObject({
      passed: false,
      reason: expect.stringContaining('does not stand in the dark any more') as string,
    });
    expect(world.asked).toEqual([]);
  }
});

test('the smoke test sends the first line once', async () => {
  const smoke = { kind: 'smoke', name: 'smoke', data: DATA } as const;
  const world = await gateWorld(smoke);
  expect(await world.run()).toMatchObject({ passed: true, reason: 'the candidate answers in the dark' });
  expect(world.asked).toEqual([{ variant: 'b', inferenceId: `gate-${RELEASE}-smoke`, body: '{"n":0}' }]);
  expect(await ran(smoke, { answer: () => Promise.reject(failing('ValidationError')) })).toMatchObject({ passed: false });
});

describe('load', () => {
  const load: LoadGate = {
    kind: 'load',
    name: 'load',
    data: DATA,
    requestsPerMinute: 2400,
    multiples: [1],
    secondsPerLevel: 1,
    errorRateAtMost: 0,
    notSlower: { than: 'stable', percentile: 95, ratioAtMost: 100 },
  };

  /** Requests are due on the real clock. */
  const driven = async (options: Options) => {
    const world = await gateWorld(load, options);
    world.parts.now = () => performance.now();
    return { world, result: await world.run() };
  };

  test('is scaled to what stands, and stable is asked beside it', async () => {
    const { world, result } = await driven({});
    // One instance of the four that stable has: a quarter of forty requests a second, for as long as a percentile needs.
    expect(world.asked.filter(({ variant }) => variant === 'b')).toHaveLength(20);
    expect(world.asked.filter(({ variant }) => variant === 'a')).toHaveLength(40);
    expect(result).toMatchObject({ passed: true, reason: expect.stringContaining("stable's") as string });
    expect(result.measured).toContainEqual({ name: 'share of the fleet that stood', value: 0.25, passed: true, count: 1 });
    expect(new Set(world.asked.map(({ inferenceId }) => inferenceId)).size).toBe(60);
  });

  test('counts errors by their names', async () => {
    const { result } = await driven({
      answer: ({ variant }) => (variant === 'b' ? Promise.reject(failing('ModelError')) : { label: 'yes' }),
    });
    expect(result.reason).toContain('error rate at 1 × load 1 of 20 requests (ModelError: 20), at most 0 demanded');
  });

  test('is not driven without knowing what stands', async () => {
    const world = await gateWorld(load);
    world.parts.instances = () => Promise.reject(failing('ThrottlingException'));
    expect(await world.run()).toMatchObject({
      passed: false,
      reason: expect.stringContaining('the endpoint cannot be described') as string,
    });
  });
});

describe("a gate of the user's", () => {
  const custom = {
    kind: 'custom',
    name: 'own',
    stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:own',
    timeoutMinutes: 30,
  } as const;

  test('is asked about the candidate', async () => {
    const world = await gateWorld(custom);
    expect(await world.opened()).toEqual({
      measure: 'state-machine',
      stateMachineArn: custom.stateMachineArn,
      timeoutSeconds: 1800,
      question: { useCase: 'toy', releaseId: RELEASE, gate: 'own', endpointName: 'p-endpoint', variantName: 'b', stableVariantName: 'a' },
    });
    expect(await world.concluded({ answer: { passed: true, reason: 'fine' } })).toMatchObject({
      kind: 'custom',
      passed: true,
      reason: 'fine',
    });
  });

  test.each([
    [{ answer: { ok: true } }, 'the gate answered no { passed: true or false }'],
    [{}, 'the gate answered no { passed: true or false }'],
    [
      { failure: { what: 'the state machine of the gate', error: 'States.Timeout' } },
      'the state machine of the gate: took longer than it may',
    ],
    [
      { failure: { what: 'the state machine of the gate', error: 'States.TaskFailed' } },
      'the state machine of the gate failed (States.TaskFailed): its log says why',
    ],
    [{ failure: { what: 'the state machine of the gate', error: 'States.DataLimitExceeded' } }, 'answered more than 256 KiB'],
  ])('that answers or ends as %j has failed', async (heard, reason) => {
    const world = await gateWorld(custom);
    await world.opened();
    const result = await world.concluded(heard);
    expect(result.passed).toBe(false);
    expect(result.reason).toContain(reason);
  });
});

test('a gate that was never opened has failed', async () => {
  const world = await gateWorld(golden);
  expect(await world.concluded()).toMatchObject({ passed: false, reason: 'the gate was not opened' });
  expect(await world.concluded({ failure: { what: 'opening the gate', error: 'Sandbox.Timedout' } })).toMatchObject({ passed: false });
});

test('the first failure of things done in turns is thrown once all that began has ended', async () => {
  const ended: number[] = [];
  const all = inTurns([1, 2, 3, 4, 5], 2, async (item) => {
    await new Promise((resolve) => setTimeout(resolve, item === 2 ? 1 : 10));
    ended.push(item);
    if (item === 2) throw new Error('two');
  });
  await expect(all).rejects.toThrow('two');
  expect(ended).toEqual([2, 1]);
});
