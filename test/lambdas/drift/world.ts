import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type FakeLedger, fakeLedger, named, type Sent } from '../support';
import type { S3Client } from '@aws-sdk/client-s3';
import { type ControlRecord, type DriftLook, type DriftPolicy, ledgerKeys, type Notification } from '../../../core/contracts';
import { CAPTURE_FOLDER } from '../../../core/release/endpoint-config';
import type { Job } from '../../../lambdas/drift/job';
import { lookAtDrift, type LookReport } from '../../../lambdas/drift/look';
import type { DriftParts } from '../../../lambdas/drift/parts';
import { Profiles } from '../../../lambdas/drift/profiles';
import { Bucket } from '../../../lambdas/shared/bucket';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Monday, when the release became stable. */
export const LIVE = Date.parse('2026-03-02T00:00:00Z');
export const RELEASE = 'r1-aaaaaaaa';
export const OWNER = 'arn:aws:iam::111122223333:role/Quality';

export const POLICY: DriftPolicy = {
  features: [
    { name: 'amount', side: 'input', path: 'amount', kind: 'numeric' },
    { name: 'country', side: 'input', path: 'country', kind: 'categorical' },
    { name: 'label', side: 'output', path: 'label', kind: 'categorical' },
  ],
  baseline: { kind: 'training-data', data: { bucket: 'assets', key: 'train.jsonl' }, format: 'jsonl' },
  rhythm: 'none',
  windowsHours: [1, 6, 24, 168],
  falseAlarmsPerYear: 1,
  minimumRows: 100,
  joint: false,
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
};

interface Stored {
  bytes: Buffer;
  etag: string;
}

/** S3 in memory: conditions as S3 keeps them, and a hook before each call. */
export class FakeS3 {
  readonly objects = new Map<string, Stored>();
  readonly sent: Sent[] = [];
  /** Runs before a call; may throw. */
  before: (name: string, input: Record<string, unknown>) => void = () => undefined;

  readonly client = {
    send: (command: { constructor: { name: string }; input: Record<string, unknown> }) => this.send(command),
  } as unknown as S3Client;

  put(bucket: string, key: string, body: string | Buffer): void {
    const bytes = Buffer.from(body);
    this.objects.set(`${bucket}/${key}`, { bytes, etag: `"${createHash('md5').update(bytes).digest('hex')}"` });
  }

  keys(bucket: string, prefix = ''): string[] {
    const root = `${bucket}/`;
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(`${root}${prefix}`))
      .map((key) => key.slice(root.length))
      .sort();
  }

  text(bucket: string, key: string): string {
    const stored = this.objects.get(`${bucket}/${key}`);
    if (stored === undefined) throw new Error(`no ${key} in ${bucket}: ${this.keys(bucket).join(', ')}`);
    return stored.bytes.toString('utf8');
  }

  json<T>(bucket: string, key: string): T {
    return JSON.parse(this.text(bucket, key)) as T;
  }

  private async send({ constructor, input }: { constructor: { name: string }; input: Record<string, unknown> }): Promise<unknown> {
    const name = constructor.name.replace(/Command$/, '');
    this.sent.push({ name, input: input as never });
    this.before(name, input);
    if (name === 'ListObjectsV2') return this.list(input);
    const id = `${String(input['Bucket'])}/${String(input['Key'])}`;
    const stored = this.objects.get(id);
    if (name === 'CopyObject') {
      const source = this.objects.get(decodeURIComponent(String(input['CopySource'])));
      if (source === undefined) throw named('NoSuchKey');
      this.put(String(input['Bucket']), String(input['Key']), source.bytes);
      return {};
    }
    if (name === 'PutObject') {
      const { IfNoneMatch, IfMatch } = input;
      if (IfNoneMatch === '*' && stored !== undefined) throw named('PreconditionFailed');
      if (IfMatch !== undefined && stored === undefined) throw named('NoSuchKey');
      if (IfMatch !== undefined && stored?.etag !== IfMatch) throw named('PreconditionFailed');
      this.put(String(input['Bucket']), String(input['Key']), input['Body'] as string);
      return { ETag: this.objects.get(id)?.etag };
    }
    if (stored === undefined) throw named(name === 'HeadObject' ? 'NotFound' : 'NoSuchKey');
    if (input['IfMatch'] !== undefined && input['IfMatch'] !== stored.etag) throw named('PreconditionFailed');
    const head = { ETag: stored.etag, ContentLength: stored.bytes.length };
    if (name === 'HeadObject') return head;
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(String(input['Range'] ?? '')) ?? [];
    const bytes = from === undefined ? stored.bytes : stored.bytes.subarray(Number(from), Number(to) + 1);
    return { ...head, Body: body(bytes) };
  }

  /** Two at a time: whoever forgets the next page is found out. */
  private list({ Bucket: bucket, Prefix, StartAfter = '', ContinuationToken, Delimiter }: Record<string, unknown>): unknown {
    const after = String(ContinuationToken ?? StartAfter);
    if (Delimiter === '/') {
      const depth = String(Prefix).split('/').length;
      const folders = this.keys(String(bucket), String(Prefix)).map((key) => `${key.split('/').slice(0, depth).join('/')}/`);
      return { CommonPrefixes: [...new Set(folders)].map((folder) => ({ Prefix: folder })) };
    }
    const keys = this.keys(String(bucket), String(Prefix)).filter((key) => key > after);
    const page = keys.slice(0, 50);
    return {
      Contents: page.map((Key) => {
        const stored = this.objects.get(`${String(bucket)}/${Key}`);
        return { Key, Size: stored?.bytes.length, ETag: stored?.etag };
      }),
      ...(keys.length > page.length ? { NextContinuationToken: page.at(-1) } : {}),
    };
  }
}

function body(bytes: Buffer): unknown {
  const stream = Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]);
  return Object.assign(stream, {
    transformToByteArray: async () => new Uint8Array(bytes),
    transformToString: async () => bytes.toString('utf8'),
  });
}

export interface Values {
  amount?: unknown;
  country?: unknown;
  label?: unknown;
}

/** Rows that are the same each time, and have the same distribution in any hour. */
export const usual = (index: number): Values => ({
  amount: (index * 37) % 100,
  country: ['IE', 'DE', 'FR'][index % 3],
  label: index % 4 === 0 ? 'spam' : 'ham',
});

export const shifted = (index: number): Values => ({ ...usual(index), amount: 60 + ((index * 37) % 100) });

export function line(id: string, atMillis: number, { label, ...input }: Values): string {
  const side = (mode: string, data: unknown) => ({
    observedContentType: 'application/json',
    mode,
    data: JSON.stringify(data),
    encoding: 'JSON',
  });
  return JSON.stringify({
    captureData: { endpointInput: side('INPUT', input), endpointOutput: side('OUTPUT', { label }) },
    eventMetadata: { eventId: `e-${id}`, inferenceId: id, inferenceTime: new Date(atMillis).toISOString() },
    eventVersion: '0',
  });
}

export interface Scene extends FakeLedger {
  s3: FakeS3;
  clock: { millis: number };
  policy: DriftPolicy;
  parts: DriftParts;
  /** A tick at minute 12. */
  look(): Promise<LookReport>;
  /** The same by another function, which remembers nothing. */
  coldLook(): Promise<LookReport>;
  at(millis: number): void;
  told: Notification[];
  measured: { dimensions: Record<string, string>; values: Record<string, number> }[];
  metric(name: string): number | undefined;
  started: { name: string; input: { job: Job; manifest: string } }[];
  requests: { count: number; asked: unknown[][] };
  remaining: { millis: number };
  packages: Record<string, Record<string, string>>;
  control(change: Partial<ControlRecord>): Promise<void>;
  /** Captures of an hour (after `LIVE`): `rows` records, in a file of its own. */
  capture(
    hour: number,
    rows: number,
    values?: (index: number) => Values,
    options?: { variant?: string; file?: string; seed?: number },
  ): void;
  lastLook(): DriftLook;
  state(): { version: number; [name: string]: unknown };
}

/** A stable release that captures, a baseline of 2 000 usual rows, and the drift handler's parts over them. */
export async function scene(change: Partial<DriftPolicy> = {}): Promise<Scene> {
  const ledger = fakeLedger();
  const s3 = new FakeS3();
  const clock = { millis: LIVE };
  const policy: DriftPolicy = { ...POLICY, ...change };
  const told: Notification[] = [];
  const measured: Scene['measured'] = [];
  const started: Scene['started'] = [];
  const requests: Scene['requests'] = { count: 0, asked: [] };
  const remaining = { millis: 900_000 };
  const packages: Scene['packages'] = {};
  s3.put('assets', 'train.jsonl', rowsOf(2_000).join('\n'));
  const bucket = new Bucket(s3.client, 'drift');
  const parts: DriftParts = {
    useCase: 'support-triage',
    owners: { quality: [OWNER] },
    policy: async () => policy,
    ledger: ledger.ledger,
    s3: s3.client,
    bucket,
    captures: new Bucket(s3.client, 'captures'),
    counterShards: 2,
    requests: async (...asked) => {
      requests.asked.push(asked);
      return requests.count;
    },
    packageProperties: async (arn) => packages[arn],
    start: async (name, input) => {
      if (!started.some((one) => one.name === name)) started.push({ name, input });
    },
    notify: async (notification) => void told.push(notification),
    measure: (dimensions, values) =>
      void measured.push({ dimensions, values: Object.fromEntries(values.map(([name, , value]) => [name, value])) }),
    now: () => clock.millis,
    remaining: () => remaining.millis,
  };
  let control: ControlRecord = {
    version: 3,
    mode: 'live',
    endpointName: 'triage',
    stable: { releaseId: RELEASE, variantName: 'a', modelName: 'm', endpointConfigName: 'c' },
    candidateWeight: 0,
    holdout: 0,
    armsSince: new Date(LIVE).toISOString(),
    changedAt: new Date(LIVE).toISOString(),
    changedBy: 'workflow',
    reason: 'promoted',
  };
  await ledger.ledger.put(ledgerKeys.control(), control);
  await ledger.ledger.put(ledgerKeys.release(RELEASE), {
    id: RELEASE,
    requestedAt: new Date(LIVE - HOUR).toISOString(),
    liveSince: new Date(LIVE).toISOString(),
    spec: { serving: { capture: { samplingShare: 1, jsonContentTypes: [], csvContentTypes: [] } }, model: {} },
  });
  const warm = new Profiles(bucket);
  return {
    ...ledger,
    s3,
    clock,
    policy,
    parts,
    look: () => lookAtDrift(parts, warm),
    coldLook: () => lookAtDrift(parts, new Profiles(bucket)),
    at: (millis) => void (clock.millis = millis),
    told,
    measured,
    metric: (name) => measured.findLast(({ values }) => name in values)?.values[name],
    started,
    requests,
    remaining,
    packages,
    control: async (members) => {
      control = { ...control, ...members };
      await ledger.ledger.put(ledgerKeys.control(), control);
    },
    capture: (hour, rows, values = usual, { variant = 'a', file = '12-00-000-x', seed = 0 } = {}) => {
      const from = LIVE + hour * HOUR;
      const lines = Array.from({ length: rows }, (_, index) =>
        line(`${variant}-${hour}-${file}-${index}`, from + Math.floor((index * HOUR) / rows), values(index + seed + hour * 7)),
      );
      const folder = new Date(from).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
      s3.put('captures', `${CAPTURE_FOLDER}/triage/${variant}/${folder}/${file}.jsonl`, `${lines.join('\n')}\n`);
    },
    lastLook: () => JSON.parse(String(ledger.item<{ look: string }>(ledgerKeys.drift())?.look)) as DriftLook,
    state: () => ledger.item(ledgerKeys.drift()) as never,
  };
}

/** Rows of training data. */
export const rowsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => JSON.stringify(usual(index)));

/** Just after an hour (after `LIVE`) is over. */
export const after = (hour: number): number => LIVE + (hour + 1) * HOUR + 12 * 60_000;
