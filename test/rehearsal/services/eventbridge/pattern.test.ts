import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePattern } from '../../../../rehearsal/services/eventbridge/pattern';

/** Verdicts that AWS EventBridge gave, from LocalStack's AWS-validated snapshots (Apache-2.0, LocalStack contributors). */
const file = join(__dirname, '../../../../../shared/conformance/event-patterns.jsonl');

interface Row {
  id: string;
  event: unknown;
  pattern: unknown;
  expected: boolean | 'error';
  recorded?: unknown;
}

if (!existsSync(file)) {
  it.skip(`the conformance data is not beside the repository (${file})`, () => undefined);
} else {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  it('has rows', () => expect(rows).toHaveLength(111));

  it.each(rows.map((row) => [row.id, row] as const))('judges as AWS: %s', (_id, row) => {
    if (row.expected !== 'error') return expect(compilePattern(JSON.stringify(row.pattern))(row.event)).toBe(row.expected);
    const reason = /Reason: ((?:[^"\\]|\\")*)/.exec(JSON.stringify(row.recorded).replaceAll('\\\\\\"', "'"))?.[1]?.replaceAll("'", '"');
    expect(reason).toBeDefined();
    expect(() => compilePattern(JSON.stringify(row.pattern))).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: `Event pattern is not valid. Reason: ${(reason ?? '').replaceAll('\\"', '"')}`,
      }),
    );
  });
}

describe('event patterns', () => {
  const matches = (pattern: object, event: object) => compilePattern(pattern)(event);

  it('take fields of one array element together', () => {
    const pattern = { detail: { items: { kind: ['a'], size: [1] } } };
    expect(matches(pattern, { detail: { items: [{ kind: 'a', size: 1 }, { kind: 'b' }] } })).toBe(true);
    expect(
      matches(pattern, {
        detail: {
          items: [
            { kind: 'a', size: 2 },
            { kind: 'b', size: 1 },
          ],
        },
      }),
    ).toBe(false);
  });

  it('combine $or with the fields beside it', () => {
    const pattern = { source: ['s'], $or: [{ a: [1] }, { b: [{ exists: false }] }] };
    expect(matches(pattern, { source: 's', a: 1, b: 2 })).toBe(true);
    expect(matches(pattern, { source: 's', a: 2 })).toBe(true);
    expect(matches(pattern, { source: 's', a: 2, b: 2 })).toBe(false);
    expect(matches(pattern, { source: 'x', a: 1 })).toBe(false);
  });

  it('refuse what is no pattern', () => {
    expect(() => compilePattern('{')).toThrow('Event pattern is not valid');
    expect(() => compilePattern('[]')).toThrow('Filter is not an object');
    expect(() => compilePattern({ a: {} })).toThrow('Empty objects are not allowed');
    expect(() => compilePattern({ a: [{ exists: 'yes' }] })).toThrow('exists match pattern must be either true or false.');
    expect(() => compilePattern({ a: [{ numeric: ['<', 'x'] }] })).toThrow('must be numeric');
    expect(() => compilePattern({ a: [{ cidr: '10.0.0.1' }] })).toThrow("Malformed CIDR, one '/' required");
    expect(() => compilePattern({ a: [{ cidr: '10.0.0.1/x' }] })).toThrow('mask bits must be an integer');
    expect(() => compilePattern({ a: [{ cidr: '10.0.0.1/32' }] })).toThrow('IPv4 mask bits must be < 32');
    expect(() => compilePattern({ a: [{ cidr: '::1/128' }] })).toThrow('IPv6 mask bits must be < 128');
  });
});
