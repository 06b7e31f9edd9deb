import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { maybe } from '../engine/maybe';

export const keys = ['a', 'a/b', 'a/c', 'a/d/e', 'b', 'b/x', 'ü', 'a b', 'a+b', 'aa'] as const;
export const bodies = ['', 'one', 'two', '0123456789'] as const;

export const etagOf = (body: string): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** Versions by their number, in the order in which the side told of them. */
type VersionReference = number | 'null' | 'unknown' | undefined;

interface Conditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
}

export type S3Step =
  | ({ kind: 'put'; key: string; body: string; metadata: Record<string, string> | undefined; type: string | undefined } & Conditions)
  | ({ kind: 'get' | 'head'; key: string; version: VersionReference; range: string | undefined } & Conditions)
  | { kind: 'delete'; key: string; version: VersionReference; IfMatch: string | undefined }
  | { kind: 'deleteMany'; objects: { key: string; version: VersionReference }[]; quiet: boolean }
  | {
      kind: 'copy';
      from: string;
      version: VersionReference;
      to: string;
      replaced: Record<string, string> | undefined;
      IfMatch: string | undefined;
      IfNoneMatch: string | undefined;
    }
  | {
      kind: 'list';
      how: 'v1' | 'v2' | 'versions';
      prefix: string | undefined;
      delimiter: string | undefined;
      most: number | undefined;
      after: string | undefined;
    }
  | { kind: 'versioning'; status: 'Enabled' | 'Suspended' };

export interface S3Case {
  versioning: 'Enabled' | 'Suspended' | undefined;
  steps: S3Step[];
}

/** A few keys come again and again, so that versions pile up. */
const key = fc.oneof({ arbitrary: fc.constantFrom('a', 'b'), weight: 3 }, { arbitrary: fc.constantFrom(...keys), weight: 2 });
const body = fc.constantFrom(...bodies);
const version: fc.Arbitrary<VersionReference> = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 5 },
  { arbitrary: fc.nat(5), weight: 4 },
  { arbitrary: fc.constantFrom('null' as const, 'unknown' as const), weight: 1 },
);
const knownEtag = body.map(etagOf);
const etag = fc.oneof(
  { arbitrary: body.map(etagOf), weight: 5 },
  { arbitrary: body.map((text) => etagOf(text).replaceAll('"', '')), weight: 1 },
  { arbitrary: fc.constantFrom('*', '"0123456789abcdef0123456789abcdef"'), weight: 1 },
);
const metadata = maybe(
  fc.dictionary(fc.constantFrom('owner', 'release-id'), fc.constantFrom('x', 'a b', '1'), { maxKeys: 2, noNullPrototype: true }),
  7,
);
const range = maybe(
  fc.constantFrom('bytes=0-0', 'bytes=0-2', 'bytes=2-', 'bytes=0-99', 'bytes=5-7', 'bytes=99-', 'bytes=-0', 'bytes=3-1', 'lines=1-2'),
  5,
);

const put: fc.Arbitrary<S3Step> = fc.record({
  kind: fc.constant('put' as const),
  key,
  body,
  metadata,
  type: maybe(fc.constantFrom('text/plain', 'application/json'), 7),
  IfMatch: maybe(etag, 9),
  IfNoneMatch: maybe(fc.constant('*'), 9),
});

const step: fc.Arbitrary<S3Step> = fc.oneof(
  { arbitrary: put, weight: 6 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('get' as const, 'head' as const),
      key,
      version,
      range,
      IfMatch: maybe(etag, 8),
      IfNoneMatch: maybe(etag, 8),
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ kind: fc.constant('delete' as const), key, version, IfMatch: maybe(etag, 9) }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: fc.constant('deleteMany' as const),
      objects: fc.array(fc.record({ key, version }), { minLength: 1, maxLength: 3 }),
      quiet: fc.boolean(),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('copy' as const),
      from: key,
      version,
      to: key,
      replaced: metadata,
      IfMatch: maybe(knownEtag, 9),
      IfNoneMatch: maybe(knownEtag, 9),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.constant({
      kind: 'list' as const,
      how: 'versions' as const,
      prefix: undefined,
      delimiter: undefined,
      most: 1,
      after: undefined,
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('list' as const),
      how: fc.constantFrom('v1' as const, 'v2' as const, 'versions' as const),
      prefix: maybe(fc.constantFrom('a', 'a/', 'b', 'b/', 'z', 'ü'), 6),
      delimiter: maybe(fc.constantFrom('/', 'a', ' '), 5),
      most: maybe(fc.constantFrom(1, 2, 3, 1000), 5),
      after: maybe(fc.constantFrom('a', 'a/b', 'aa', 'z'), 8),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('versioning' as const), status: fc.constantFrom('Enabled' as const, 'Suspended' as const) }),
    weight: 1,
  },
);

/** Something is put first; an empty bucket has little to tell. */
const steps = fc
  .tuple(fc.array(put, { minLength: 1, maxLength: 3, size: 'max' }), fc.array(step, { minLength: 1, maxLength: 9, size: 'max' }))
  .map(([first, rest]) => [...first, ...rest]);

export const cases: fc.Arbitrary<S3Case> = fc.record({
  versioning: fc.constantFrom(undefined, 'Enabled' as const, 'Suspended' as const),
  steps,
});
