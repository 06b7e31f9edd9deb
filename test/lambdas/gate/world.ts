import { fakeClient, fakeLedger, START } from '../support';
import { createHash } from 'node:crypto';
import { type ControlRecord, type DataSet, type GatePolicy, type GateResult, ledgerKeys } from '../../../core/contracts';
import { conclude } from '../../../lambdas/gate/conclude';
import { DataSets } from '../../../lambdas/gate/data-set';
import { drive } from '../../../lambdas/gate/drive';
import type { Heard } from '../../../lambdas/gate/event';
import { Models } from '../../../lambdas/gate/models';
import { type GatePlan, open } from '../../../lambdas/gate/open';
import type { GateParts } from '../../../lambdas/gate/parts';
import { RemoteScorers } from '../../../lambdas/gate/remote-scorers';
import { score } from '../../../lambdas/gate/score';

export const RELEASE = 'r2-bbbbbbbb';
export const DATA: DataSet = { bucket: 'assets', key: 'golden.jsonl' };
export const about = { releaseId: RELEASE, index: 0, execution: 'x1' };

export const failing = (name: string): Error => Object.assign(new Error('quotes a request'), { name });

const deployed = (releaseId: string, variantName: string) => ({ releaseId, variantName, modelName: 'm', endpointConfigName: 'c' });
export const dark: ControlRecord = {
  version: 5,
  mode: 'live',
  endpointName: 'p-endpoint',
  stable: deployed('r1-aaaaaaaa', 'a'),
  candidate: deployed(RELEASE, 'b'),
  candidateWeight: 0,
  holdout: 0,
  changedAt: '',
  changedBy: '',
  reason: '',
};

export interface Asked {
  variant: string;
  inferenceId: string;
  body: string;
}

export interface Options {
  /** What an answer says, by variant; may throw. */
  answer?: (asked: Asked) => unknown;
  control?: ControlRecord;
  text?: string;
  /** Names of errors, of S3. */
  s3Error?: () => string | undefined;
  scorer?: (payload: { line: unknown; answer: unknown }) => unknown;
  judge?: (asked: { system: string; message: string }) => string;
  modules?: Record<string, unknown>;
  remaining?: () => number;
}

export const linesOf = (n: number, more: (index: number) => object = () => ({})): string =>
  Array.from({ length: n }, (_, index) => `${JSON.stringify({ request: { n: index }, expected: 'yes', ...more(index) })}\n`).join('');

/** A gate's handler over the laptop cloud's DynamoDB, with an endpoint, a bucket, scorers and a judge as the test decides. */
export async function gateWorld(gate: GatePolicy, options: Options = {}) {
  const state = { text: options.text ?? linesOf(45) };
  const clock = { millis: START };
  const asked: Asked[] = [];
  const { ledger, items } = fakeLedger();
  const spec = { useCase: 'toy', serving: { minInstances: 2 }, gates: [gate] };
  await ledger.put(ledgerKeys.release(RELEASE), { id: RELEASE, spec });
  await ledger.put(ledgerKeys.control(), options.control ?? dark);
  const s3 = fakeClient({
    GetObject: ({ Range, IfMatch }) => {
      const error = options.s3Error?.();
      if (error !== undefined) throw failing(error);
      const bytes = Buffer.from(state.text);
      const etag = createHash('md5').update(bytes).digest('hex');
      if (IfMatch !== undefined && IfMatch !== etag) throw failing('PreconditionFailed');
      const [, from = '0', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(String(Range)) ?? [];
      const part = Range === undefined ? bytes : bytes.subarray(Number(from), Number(to) + 1);
      const ContentRange = Range === undefined ? undefined : `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
      return { ETag: etag, ContentRange, Body: { transformToByteArray: async () => new Uint8Array(part) } };
    },
  });
  const runtime = fakeClient({
    InvokeEndpoint: async ({ TargetVariant, InferenceId, Body }) => {
      const one = { variant: String(TargetVariant), inferenceId: String(InferenceId), body: Buffer.from(Body as Uint8Array).toString() };
      asked.push(one);
      const answer = await (options.answer ?? (() => ({ label: 'yes' })))(one);
      return { Body: Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)) };
    },
  });
  const lambda = fakeClient({
    Invoke: ({ Payload }) => {
      const answer = options.scorer?.(JSON.parse(Buffer.from(Payload as Uint8Array).toString()) as { line: unknown; answer: unknown });
      return answer === 'throws'
        ? { FunctionError: 'Unhandled', Payload: Buffer.from('{}') }
        : { Payload: Buffer.from(JSON.stringify(answer) ?? '') };
    },
  });
  const bedrock = fakeClient({
    Converse: ({ system, messages }) => {
      const texts = { system: String(system[0].text), message: String(messages[0].content[0].text) };
      return { output: { message: { content: [{ text: options.judge?.(texts) }] } } };
    },
  });
  const parts: GateParts = {
    useCase: 'toy',
    ledger,
    data: new DataSets(s3.client as never),
    models: new Models(runtime.client as never, runtime.client as never, () => ({ answer: () => ({ label: 'yes' }) })),
    scorers: new RemoteScorers(lambda.client as never, bedrock.client as never, (name) => {
      if (options.modules !== undefined && name in options.modules) return options.modules[name];
      throw failing('MODULE_NOT_FOUND');
    }),
    instances: async () => ({ a: 4, b: 1 }),
    now: () => clock.millis,
    remaining: options.remaining ?? (() => 900_000),
  };
  const opened = (): Promise<GatePlan> => open(parts, { ...about, action: 'open', startedAt: new Date(START).toISOString() });
  const concluded = (heard: Heard = {}): Promise<GateResult> => conclude(parts, { ...about, action: 'conclude', heard });
  /** As the workflow runs a gate that scores lines. */
  const run = async (): Promise<GateResult> => {
    const plan = await opened();
    for (const batch of plan.batches ?? []) await score(parts, { ...about, action: 'score', batch });
    for (const { drivers } of plan.levels ?? []) for (const driver of drivers) await drive(parts, { ...about, action: 'drive', driver });
    return concluded();
  };
  return { parts, ledger, items, asked, clock, state, opened, concluded, run, s3 };
}
