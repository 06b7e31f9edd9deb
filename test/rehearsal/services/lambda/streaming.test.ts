import type { HttpResponse, Members } from '../../../../rehearsal/cloud/types';
import { createBench, type LambdaBench } from './support';

const ANN = 'arn:aws:iam::123456789012:user/ann';

/** A function behind a URL; asked with a POST of `{}`. */
async function behindUrl(
  source: string,
  url: Members = { InvokeMode: 'RESPONSE_STREAM' },
): Promise<{ bench: LambdaBench; ask: () => Promise<HttpResponse> }> {
  const bench = createBench();
  const { arn } = await bench.deploy('talks', source);
  const { attributes } = await bench.resources.create('AWS::Lambda::Url', 'Url', { TargetFunctionArn: arn, AuthType: 'AWS_IAM', ...url });
  const address = attributes['FunctionUrl'] as string;
  for (const [id, Action] of Object.entries({ A: 'lambda:InvokeFunctionUrl', B: 'lambda:InvokeFunction' }))
    await bench.resources.create('AWS::Lambda::Permission', id, { FunctionName: arn, Action, Principal: ANN });
  const request = { method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('{}') };
  return { bench, ask: () => bench.run(() => bench.lambda.invokeUrl(address, request, { principalArn: ANN })) };
}

const text = ({ body }: HttpResponse): string => new TextDecoder().decode(body);

// https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html, and the runtime interface client of the Node.js runtimes
describe('a function URL that streams', () => {
  it('gives status, headers and cookies before the body, and each part as it is written', async () => {
    const { bench, ask } = await behindUrl(`
      const wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
      export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
        const answer = awslambda.HttpResponseStream.from(stream, {
          statusCode: 201, headers: { 'Content-Type': 'text/event-stream', 'x-name': context.functionName }, cookies: ['a=1'],
        });
        await wait(300);
        answer.write('one,');
        await wait(700);
        answer.write(Buffer.from('two,'));
        answer.write({ three: event.requestContext.http.method });
        answer.end();
      });`);
    const startedAt = bench.clock.now();
    const response = await ask();
    expect(response).toMatchObject({
      status: 201,
      headers: { 'content-type': 'text/event-stream', 'x-name': 'talks', 'set-cookie': 'a=1' },
      streamed: { complete: true },
    });
    expect(text(response)).toBe('one,two,{"three":"POST"}');
    const { firstByteAtMillis, lastByteAtMillis, parts } = response.streamed!;
    expect(lastByteAtMillis - firstByteAtMillis).toBe(700);
    expect(firstByteAtMillis - startedAt).toBeGreaterThanOrEqual(300);
    expect(parts.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['one,', 'two,', '{"three":"POST"}']);
  });

  it('takes what a pipeline writes, and the content type that is set', async () => {
    const { ask } = await behindUrl(`
      import { pipeline } from 'node:stream/promises';
      import { Readable } from 'node:stream';
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.setContentType('text/plain');
        await pipeline(Readable.from(['a', 'b']), stream);
      });`);
    const response = await ask();
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain' } });
    expect(text(response)).toBe('ab');
  });

  it('loses status and headers where nothing is written before the end, as the runtime does', async () => {
    const { ask } = await behindUrl(`
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        awslambda.HttpResponseStream.from(stream, { statusCode: 404 }).end();
      });`);
    expect(await ask()).toMatchObject({ status: 200, headers: { 'content-type': 'application/octet-stream' } });
  });

  it('keeps status and headers where an empty text is written', async () => {
    const { ask } = await behindUrl(`
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 404 });
        answer.write('');
        answer.end();
      });`);
    const response = await ask();
    expect(response).toMatchObject({ status: 404, body: new Uint8Array(0) });
    expect(response.streamed!.parts).toEqual([]);
  });

  it('breaks off where the handler fails later, and fails where it failed before', async () => {
    const late = await behindUrl(`
      export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('so far'); throw new RangeError('no further'); });`);
    const broken = await late.ask();
    expect(broken).toMatchObject({ status: 200, streamed: { complete: false } });
    expect(text(broken)).toBe('so far');
    expect(late.bench.cloud.log.at(-1)).toMatchObject({ event: 'error', detail: { errorType: 'RangeError' } });
    const early = await behindUrl(`export const handler = awslambda.streamifyResponse(async () => { throw new Error('no'); });`);
    expect(await early.ask()).toMatchObject({ status: 502 });
  });

  it('waits for the end of the stream until the time of the function is over', async () => {
    const { bench, ask } = await behindUrl(
      `export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('and then'); });`,
    );
    const startedAt = bench.clock.now();
    expect(await ask()).toMatchObject({ status: 200, streamed: { complete: false } });
    expect(bench.clock.now() - startedAt).toBeGreaterThanOrEqual(3000);
    expect(bench.cloud.log.at(-1)).toMatchObject({ detail: { errorType: 'Sandbox.Timedout' } });
  });

  it('refuses handlers that are not asynchronous, and a content type that comes too late', async () => {
    const sync = await behindUrl(`export const handler = awslambda.streamifyResponse((event, stream) => { stream.end('x'); });`);
    await sync.ask();
    expect(sync.bench.cloud.log.at(-1)).toMatchObject({ detail: { errorMessage: 'Streaming does not support non-async handlers.' } });
    const late = await behindUrl(
      `export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('x'); stream.setContentType('text/plain'); });`,
    );
    await late.ask();
    expect(late.bench.cloud.log.at(-1)).toMatchObject({ detail: { errorType: 'InvalidStreamingOperation' } });
  });

  it('breaks off where the handler destroys its stream', async () => {
    const { bench, ask } = await behindUrl(
      `export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('x'); stream.destroy(new Error('enough')); });`,
    );
    expect(await ask()).toMatchObject({ streamed: { complete: false } });
    expect(bench.cloud.log.at(-1)).toMatchObject({ detail: { errorMessage: 'Response stream is not finished.' } });
  });

  it('gives what a handler returns that does not stream as it is', async () => {
    const { ask } = await behindUrl(`export const handler = async () => ({ statusCode: 404, body: 'none' });`);
    const response = await ask();
    expect(response.status).toBe(200);
    expect(JSON.parse(text(response))).toEqual({ statusCode: 404, body: 'none' });
  });
});

it('a streaming handler behind a buffered URL is refused by name', async () => {
  const { ask } = await behindUrl(`export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.end('x'); });`, {});
  await expect(ask()).rejects.toThrow('Set InvokeMode RESPONSE_STREAM');
});

it('Invoke gets the whole stream as its payload', async () => {
  const bench = createBench();
  await bench.deploy(
    'talks',
    `export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('"a'); stream.end('b"'); });`,
  );
  expect(await bench.invoke('talks', {})).toEqual({ result: 'ab', error: undefined });
});
