import { renderDriftReport } from '../../../../core/drift/report';
import { categoryCells, comparison, driftWindow, feature, finding, numericCells, report } from './made';

const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const FLAT = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10];
const RISING = [0, 0, 0, 5, 5, 10, 10, 20, 25, 25];

const delay = (distance: number) => feature('delay', numericCells(EDGES, FLAT, RISING), { distance });
const hour = (distance: number) => feature('hour', numericCells(EDGES, FLAT, FLAT), { distance });

const names = (page: string): string[] => [...page.matchAll(/<article[^>]*>\s*<h3>(\S+) /g)].map(([, name]) => name!);

describe('the drift report', () => {
  test('is one page that asks for nothing and runs nothing', () => {
    const page = renderDriftReport(
      report({ windows: [{ name: 'last 24 h', window: driftWindow(24), comparison: comparison(24, [delay(0.3)]) }] }),
    );
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|src=|href=|@import|url\(/i);
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('name="viewport"');
  });

  test('begins with the features that moved farthest', () => {
    const features = [hour(0.02), feature('carrier', categoryCells({ A: [5, 5] }), { kind: 'categorical', distance: 0.05 }), delay(0.3)];
    const window = driftWindow(24, { state: 'drifting', findings: [finding('delay', 'delay moved by 0.3.')] });
    const page = renderDriftReport(report({ windows: [{ name: 'last 24 h', window, comparison: comparison(24, features) }] }));
    expect(names(page)).toEqual(['delay', 'carrier', 'hour']);
  });

  test('draws the window in which a feature moved most, and every window in small', () => {
    const one = { name: 'last hour', window: driftWindow(1), comparison: comparison(1, [delay(0.04)]) };
    const day = {
      name: 'last 24 h',
      window: driftWindow(24, { state: 'drifting', findings: [finding('delay', 'delay moved by 0.3.')] }),
      comparison: comparison(24, [delay(0.3)]),
    };
    const page = renderDriftReport(report({ windows: [one, day] }));
    expect(page).toContain('aria-label="delay: baseline beside last 24 h"');
    expect(page.match(/<figure class="small/g)).toHaveLength(2);
    expect(page.match(/<figure class="small moved"/g)).toHaveLength(1);
    expect(page).toContain('last 24 h: delay moved by 0.3.');
  });

  test('says the state first, and never calls silence no drift', () => {
    const of = (state: 'no-data' | 'not-enough-data' | 'broken-input' | 'ok'): string =>
      renderDriftReport(report({ look: { state, reason: 'why' }, windows: [{ name: 'w', window: driftWindow(1, { state, rows: 0 }) }] }));
    expect(of('no-data')).toContain('<h1>No data</h1>');
    expect(of('not-enough-data')).toContain('<h1>Not enough data</h1>');
    expect(of('broken-input')).toContain('<h1>Broken input</h1>');
    expect(of('ok')).toContain('<h1>No drift</h1>');
    for (const state of ['no-data', 'not-enough-data', 'broken-input'] as const) expect(of(state)).not.toMatch(/no drift/i);
  });

  test('names what drifts in the headline', () => {
    const page = (features: string[]): string =>
      renderDriftReport(
        report({
          look: { state: 'drifting', reason: 'why' },
          windows: [{ name: 'w', window: driftWindow(1, { findings: features.map((name) => finding(name, 'moved')) }) }],
        }),
      );
    expect(page(['delay'])).toContain('<h1>delay drifts</h1>');
    expect(page(['delay', 'hour'])).toContain('<h1>delay and hour drift</h1>');
    expect(page(['delay', 'hour', 'carrier', 'gate'])).toContain('<h1>delay, hour and 2 more drift</h1>');
  });

  test('shows names out of the data as text, whatever they are', () => {
    const hostile = "\"><script>alert(1)</script><b onmouseover='x'>";
    const turned = 'abc\u202egnp.exe\u0000';
    const cells = categoryCells({ [hostile]: [50, 10], [turned]: [50, 90] });
    const window = driftWindow(24, {
      state: 'drifting',
      reason: hostile,
      findings: [finding(hostile, hostile, { examples: [hostile] })],
    });
    const page = renderDriftReport(
      report({
        title: hostile,
        look: { state: 'drifting', reason: hostile, releaseId: hostile, at: hostile },
        windows: [{ name: hostile, window, comparison: comparison(24, [feature(hostile, cells, { kind: 'categorical', distance: 0.4 })]) }],
        skipped: { counts: { [hostile]: 1 }, samples: [{ place: hostile, problem: hostile }] },
        mutes: [{ feature: hostile, kind: 'snooze', until: hostile, reason: hostile, by: hostile, at: '' }],
        notes: [hostile],
      }),
    );
    expect(page).not.toMatch(/<script|<b on/i);
    expect(page).not.toContain("onmouseover='");
    // In an attribute in double quotes only a double quote could end it.
    expect([...page.matchAll(/aria-label="([^"]*)"/g)].every(([, label]) => !label!.includes('<'))).toBe(true);
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('\u202e');
    expect(page).not.toContain('\u0000');
    expect(page).toContain('abc\ufffdgnp.exe\ufffd');
  });

  test('cuts names that nobody can read to their end', () => {
    const cells = categoryCells({ ['x'.repeat(5000)]: [50, 50] });
    const features = [feature('f', cells, { kind: 'categorical', distance: 0 })];
    const page = renderDriftReport(report({ windows: [{ name: 'w', window: driftWindow(1), comparison: comparison(1, features) }] }));
    expect(page).not.toContain('x'.repeat(200));
  });

  test('says what is missing, of another type, new or out of range, both out of all rows', () => {
    const rate = (count: number, rows: number) => ({
      baseline: { count: 1, rows: 100 },
      window: { count, rows },
      distance: 0.5,
      log10P: -20,
      fired: true,
    });
    const gone = feature('gate', categoryCells({ A: [99, 0] }), {
      kind: 'categorical',
      distance: 0,
      compared: false,
      checks: ['missing'],
      missing: rate(200, 200),
      unseen: rate(50, 200),
      outOfRange: 20,
    });
    const window = driftWindow(24, { state: 'broken-input', findings: [finding('gate', 'gate is missing', { check: 'missing' })] });
    const page = renderDriftReport(report({ windows: [{ name: 'w', window, comparison: comparison(24, [gone]) }] }));
    expect(page).toMatch(/missing<\/th>.*?1\u202f% → 100\u202f%/s);
    expect(page).toMatch(/never seen before<\/th>.*?1\u202f% → 25\u202f%/s);
    expect(page).toMatch(/out of range<\/th>.*?0\u202f% → 10\u202f%/s);
    expect(page).toContain('<span class="pill broken">broken</span>');
  });

  test('shows the categories that changed, however many there are', () => {
    const counts: Record<string, [number, number]> = {};
    for (let index = 0; index < 50; index += 1) counts[`c${index}`] = [1000 - index, 1000 - index];
    counts['c49'] = [10, 700];
    counts['(other)'] = [5000, 5000];
    const features = [feature('zip', categoryCells(counts), { kind: 'categorical', distance: 0.2 })];
    const page = renderDriftReport(report({ windows: [{ name: 'w', window: driftWindow(1), comparison: comparison(1, features) }] }));
    expect(page).toContain('<title>c49</title>');
    expect(page).toContain('<title>c0</title>');
    expect(page).not.toContain('<title>c30</title>');
    expect(page).toContain('<title>all others</title>');
  });

  test('lists joint drift, groups, quality, records left out and mutes', () => {
    const joint = { baselineMean: 0.6, windowMean: 0.9, shift: 0.31, z: 5.2, limit: 3.9, rows: 100, baselineRows: 1000, fired: true };
    const group = {
      group: 'AA',
      baseline: { count: 10, rows: 100 },
      window: { count: 40, rows: 100 },
      distance: 0.3,
      log10P: -9,
      fired: true,
    };
    const page = renderDriftReport(
      report({
        look: {
          state: 'drifting',
          reason: 'why',
          quality: [
            { measure: 'mae', value: 18.31, labels: 4222, limit: 15, passed: false },
            { measure: 'accuracy', value: 0.9, labels: 4222, passed: true },
          ],
        },
        windows: [{ name: 'w', window: driftWindow(24), comparison: comparison(24, [delay(0.01)], { joint, groups: [group] }) }],
        skipped: { counts: { 'the line is no JSON': 1234, 'never counted': 0 }, samples: [{ place: 'a.jsonl:17', problem: 'no JSON' }] },
        mutes: [{ feature: '*', kind: 'acknowledge', until: '2026-03-04T00:00:00Z', reason: 'storm week', by: 'me', at: '' }],
      }),
    );
    expect(page).toContain('+0.31');
    expect(page).toMatch(/AA<\/td>.*10\u202f%.*40\u202f%/s);
    expect(page).toMatch(/<td>mae<\/td><td><b class="broken">missed<\/b><\/td><td>at most 15<\/td><td class="number">18.3<\/td>/);
    expect(page).toMatch(/<td>accuracy<\/td><td>held<\/td><td>none<\/td>/);
    expect(page).toContain('1\u202f234');
    expect(page).not.toContain('never counted');
    expect(page).toContain('<code>a.jsonl:17</code>');
    expect(page).toContain('acknowledged');
    expect(page).toContain('storm week');
  });

  test('says that there is no baseline yet', () => {
    const learning = { title: 'flight-delay', look: { state: 'not-enough-data', reason: 'learning' }, windows: [] } as const;
    expect(renderDriftReport({ ...learning, windows: [] })).toContain('There is no baseline yet');
  });

  test('leaves features beyond the fortieth to the table', () => {
    const features = Array.from({ length: 45 }, (_, index) => feature(`f${index}`, numericCells(EDGES, FLAT, FLAT), { distance: 0.01 }));
    const page = renderDriftReport(report({ windows: [{ name: 'w', window: driftWindow(1), comparison: comparison(1, features) }] }));
    expect(page.match(/<article/g)).toHaveLength(40);
    expect(page).toContain('5 more features');
    expect(page).toContain('<td>f44</td>');
  });
});

describe('pictures of numbers', () => {
  const pageOf = (edges: number[], before: number[], after: number[]): string => {
    const features = [feature('f', numericCells(edges, before, after), { distance: 0.2 })];
    return renderDriftReport(report({ windows: [{ name: 'w', window: driftWindow(1), comparison: comparison(1, features) }] }));
  };

  test.each([
    ['a constant', [5], [0, 100], [50, 50]],
    ['no edge at all', [], [100], [100]],
    ['two edges', [0, 1], [10, 20, 30], [30, 20, 10]],
    ['a sliver that holds everything', [0, 1e-9, 100, 200], [0, 100, 0, 0, 0], [20, 20, 20, 20, 20]],
    ['numbers near the largest', [-1e308, 0, 1e308, 1.2e308], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]],
    ['no rows in the window', [0, 1, 2], [10, 10, 10, 10], [0, 0, 0, 0]],
    ['no rows in the outer cells', [0, 1, 2], [0, 10, 10, 0], [5, 0, 0, 5]],
  ])('%s gives finite coordinates', (_name, edges, before, after) => {
    const [svg] = /<svg viewBox="0 0 440.*?<\/svg>/s.exec(pageOf(edges, before, after)) ?? [''];
    expect(svg).toContain('<svg');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test('areas are shares: a cell twice as wide with the same share is half as high', () => {
    const [, before] = /<path class="before" d="([^"]+)"/.exec(pageOf([0, 1, 3, 4], [10, 20, 20, 20, 10], [10, 20, 20, 20, 10])) ?? [];
    const heights = [...before!.matchAll(/L[\d.-]+ ([\d.-]+)/g)].map(([, y]) => 172 - Number(y));
    // The second cell is from 0 to 1, the third from 1 to 3.
    expect(heights[2]! / heights[4]!).toBeCloseTo(2, 1);
  });
});
