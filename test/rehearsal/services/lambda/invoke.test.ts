import { createBench, world } from './support';

describe('Invoke', () => {
  it('keeps module state between invocations and virtual time inside', async () => {
    const bench = createBench();
    await bench.deploy(
      'counter',
      `let calls = 0;
       export const handler = async (event, context) => {
         const before = Date.now();
         await new Promise((resolve) => setTimeout(resolve, 1500));
         calls += 1;
         console.log('call', calls);
         return { calls, waited: Date.now() - before, left: context.getRemainingTimeInMillis(), name: process.env.AWS_LAMBDA_FUNCTION_NAME, event };
       };`,
    );
    expect(await bench.invoke('counter', { a: 1 })).toEqual({
      result: { calls: 1, waited: 1500, left: 1500, name: 'counter', event: { a: 1 } },
      error: undefined,
    });
    expect((await bench.invoke('counter', {})).result).toMatchObject({ calls: 2 });
    expect(bench.lines).toEqual(['call 1', 'call 2']);
  });

  it('gives concurrent invocations environments of their own', async () => {
    const bench = createBench();
    await bench.deploy(
      'slow',
      `let calls = 0; export const handler = async () => { calls += 1; await new Promise((r) => setTimeout(r, 100)); return calls; };`,
    );
    const payload = new TextEncoder().encode('{}');
    const both = await bench.run(() =>
      Promise.all([1, 2].map(() => bench.cloud.call('lambda', 'Invoke', { FunctionName: 'slow', Payload: payload }, world))),
    );
    expect(both.map((answer) => new TextDecoder().decode(answer['Payload'] as Uint8Array))).toEqual(['1', '1']);
    expect((await bench.invoke('slow', {})).result).toBe(2);
  });

  it('answers a thrown error as a function error and records it', async () => {
    const bench = createBench();
    await bench.deploy('broken', `export const handler = async () => { throw new RangeError('too far'); };`);
    const { result, error } = await bench.invoke('broken', {});
    expect(error).toBe('Unhandled');
    expect(result).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect(bench.cloud.log.at(-1)).toMatchObject({
      source: 'lambda',
      event: 'error',
      detail: { function: 'broken', errorType: 'RangeError' },
    });
  });

  it('ends an invocation at its timeout and starts afresh', async () => {
    const bench = createBench();
    await bench.deploy(
      'hangs',
      `let calls = 0; export const handler = (event) => (calls += 1, event.hang ? new Promise(() => setInterval(() => calls += 100, 500)) : Promise.resolve(calls));`,
    );
    const before = bench.clock.now();
    const { result } = await bench.invoke('hangs', { hang: true });
    expect(result).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect((result as { errorMessage: string }).errorMessage).toMatch(/Task timed out after 3\.00 seconds$/);
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(3000);
    expect((await bench.invoke('hangs', {})).result).toBe(1);
  });

  it('stops timers between invocations', async () => {
    const bench = createBench();
    await bench.deploy('ticking', `let ticks = 0; setInterval(() => { ticks += 1; }, 1000); export const handler = async () => ticks;`);
    await bench.invoke('ticking', {});
    await bench.clock.run(bench.clock.now() + 3_600_000);
    expect((await bench.invoke('ticking', {})).result).toBeLessThanOrEqual(1);
  });

  it('crashes by the scenario, by the end of the construct path', async () => {
    const bench = createBench();
    await bench.deploy('fragile', `export const handler = async () => 'fine';`);
    const now = bench.clock.now();
    bench.lambda.failFunction({ constructPath: 'stack/fragile', error: 'crash', fromMillis: now, untilMillis: now + 60_000 });
    expect((await bench.invoke('fragile', {})).result).toMatchObject({ errorType: 'Runtime.ExitError' });
    await bench.clock.run(now + 60_000);
    expect((await bench.invoke('fragile', {})).result).toBe('fine');
  });

  it('ends the environment when a timer throws', async () => {
    const bench = createBench();
    await bench.deploy('bomb', `export const handler = () => new Promise(() => setTimeout(() => { throw new Error('boom'); }, 10));`);
    expect((await bench.invoke('bomb', {})).result).toMatchObject({ errorType: 'Error', errorMessage: 'boom' });
  });

  it('refuses more than the reserved concurrency', async () => {
    const bench = createBench();
    await bench.deploy('one', `export const handler = () => new Promise((r) => setTimeout(r, 100));`, {
      properties: { ReservedConcurrentExecutions: 1 },
    });
    const invoke = () => bench.cloud.call('lambda', 'Invoke', { FunctionName: 'one' }, world);
    const outcomes = await bench.run(() => Promise.allSettled([invoke(), invoke()]));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'TooManyRequestsException', statusCode: 429 });
  });

  it('stops the rehearsal when a handler reaches out', async () => {
    const bench = createBench();
    await bench.deploy(
      'leak',
      `import https from 'node:https'; export const handler = () => new Promise((_r, reject) => https.get('https://example.com/', () => {}).on('error', reject));`,
    );
    await expect(bench.invoke('leak', {})).rejects.toThrow(/example\.com.*Nothing leaves the laptop/);
  });

  it('names what a handler must not use', async () => {
    const bench = createBench();
    await bench.deploy('shell', `import { execSync } from 'node:child_process'; export const handler = async () => execSync('ls');`);
    await expect(bench.invoke('shell', {})).rejects.toThrow(/stack\/shell uses child_process\.execSync/);
  });

  it('needs permission: the role’s policy, or the function’s own for a service', async () => {
    const bench = createBench();
    const { arn } = await bench.deploy('target', `export const handler = async () => 'ok';`);
    const { roleArn } = await bench.deploy('caller', `export const handler = async () => 'ok';`);
    const call = (caller: Parameters<typeof bench.cloud.call>[3]) =>
      bench.run(() => bench.cloud.call('lambda', 'Invoke', { FunctionName: arn }, caller));
    await expect(call({ kind: 'role', roleArn })).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: `User: arn:aws:sts::123456789012:assumed-role/stack-callerRole/stack-callerRole is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no identity-based policy allows the lambda:InvokeFunction action`,
    });
    const rule = { kind: 'service', principal: 'events.amazonaws.com', sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/r' } as const;
    await expect(call(rule)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await bench.resources.create('AWS::Lambda::Permission', 'Allow', {
      FunctionName: arn,
      Action: 'lambda:InvokeFunction',
      Principal: rule.principal,
      SourceArn: rule.sourceArn,
    });
    await expect(call(rule)).resolves.toMatchObject({ StatusCode: 200 });
    await expect(call({ ...rule, sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/other' })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    expect(bench.cloud.iam.report().denied.map(({ role }) => role)).toEqual([
      'stack-callerRole',
      'events.amazonaws.com',
      'events.amazonaws.com',
    ]);
  });

  it('runs new code after an update', async () => {
    const bench = createBench();
    await bench.deploy('changing', `export const handler = async () => 'before';`);
    await bench.invoke('changing', {});
    const owner = bench.lambda.function('changing');
    owner.configuration = { ...owner.configuration, handler: 'index.missing' };
    bench.lambda.functionChanged(owner);
    expect((await bench.invoke('changing', {})).result).toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
  });

  it('is answered by what stands in for a function of another team', async () => {
    const bench = createBench();
    bench.lambda.putStandIn('check', (event) => ({ passed: (event as { score: number }).score > 0.5 }));
    const arn = bench.cloud.arn('lambda', 'function:check');
    expect(await bench.invoke(arn, { score: 0.9 })).toEqual({ result: { passed: true }, error: undefined });
    bench.lambda.putStandIn('check', () => {
      throw new TypeError('no such field');
    });
    const { result, error } = await bench.invoke('check', {});
    expect(error).toBe('Unhandled');
    expect(result).toEqual({ errorType: 'TypeError', errorMessage: 'no such field' });
    await expect(bench.invoke('chek', {})).rejects.toThrow(/Function not found/);
  });
});
