import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { HttpResponse, buildQueryString } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/core/protocols';
import type { Caller, Fault, HttpResponse as HttpAnswer, ServiceDouble } from '../../../rehearsal/cloud/types';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { createCloud } from '../../../rehearsal/kernel/cloud';
import type { LaptopCloud } from '../../../rehearsal/kernel/cloud';
import { createRandom } from '../../../rehearsal/kernel/random';

export const startMillis = Date.parse('2026-03-02T09:00:00Z');

export interface TestCloud {
  cloud: LaptopCloud;
  clock: VirtualClock;
  /** Runs `work` to its end while virtual time moves. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createTestCloud(
  doubles: (cloud: LaptopCloud) => ServiceDouble[],
  options: { seed?: number; faults?: Fault[]; region?: string } = {},
): TestCloud {
  const clock = new VirtualClock({ startMillis });
  const cloud = createCloud({
    clock,
    random: createRandom(options.seed ?? 1),
    doubles,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    ...(options.region === undefined ? {} : { region: options.region }),
  });
  return { cloud, clock, run: (work) => clock.complete(work()) };
}

interface ClientConfiguration {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  maxAttempts: number;
  requestHandler: { handle(request: HttpRequest): Promise<{ response: HttpResponse }> };
}

/** Lets virtual time move while a request is on its way, and holds it while the client works: its own file reads take real time. */
interface Sending {
  release: () => void;
}

const sending = new AsyncLocalStorage<Sending>();

/**
 * An SDK client of this process whose requests go through the wire layer into the cloud: by default as the scenario's world, whom no
 * policy binds. It tries each request once, since its retries would wait in real time.
 */
export function sdkClient<C extends { send: unknown }>(
  cloud: LaptopCloud,
  Client: new (configuration: ClientConfiguration) => C,
  roleArn?: string,
): C {
  const caller: Caller =
    roleArn === undefined ? { kind: 'world', principalArn: `arn:aws:iam::${cloud.accountId}:user/test` } : { kind: 'role', roleArn };
  const client = new Client({
    region: cloud.region,
    credentials: cloud.credentials.issue(caller),
    maxAttempts: 1,
    requestHandler: { handle: (request) => deliver(cloud, request) },
  });
  const send = (client.send as (...parameters: unknown[]) => Promise<unknown>).bind(client);
  client.send = (...parameters: unknown[]) => {
    const state: Sending = { release: cloud.clock.hold('an SDK client of a test') };
    return sending.run(state, () => send(...parameters)).finally(() => state.release());
  };
  return client;
}

async function deliver(cloud: LaptopCloud, request: HttpRequest): Promise<{ response: HttpResponse }> {
  const state = sending.getStore();
  const body = await bodyBytes(request.body);
  const query = buildQueryString(request.query ?? {});
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const url = `${request.protocol}//${request.hostname}${request.path}${query === '' ? '' : `?${query}`}`;
  const answering = cloud.answerHttp({ method: request.method, url, headers, body });
  state?.release();
  try {
    return toResponse(request.method, await answering);
  } finally {
    if (state !== undefined) state.release = cloud.clock.hold('an SDK client of a test');
  }
}

function toResponse(method: string, answer: HttpAnswer): { response: HttpResponse } {
  if (answer.chunks !== undefined)
    return {
      response: new HttpResponse({
        statusCode: answer.status,
        headers: answer.headers,
        body: Readable.from(answer.chunks, { objectMode: false }),
      }),
    };
  const empty = answer.body.byteLength === 0 || method === 'HEAD';
  const body = Readable.from(empty ? [] : [Buffer.from(answer.body)], { objectMode: false });
  return { response: new HttpResponse({ statusCode: answer.status, headers: answer.headers, body }) };
}

async function bodyBytes(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
