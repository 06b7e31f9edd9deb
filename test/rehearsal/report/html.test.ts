import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { renderReport, type PageAssets } from '../../../rehearsal/report/html';
import { promoted, rolledBack } from './sample';

const ROOT = path.resolve(__dirname, '..', '..', '..');
const bare: PageAssets = { script: 'void 0', style: 'body{}' };

const embedded = (html: string): { virtualSeconds: number; series: unknown; turns: unknown[] }[] =>
  JSON.parse(/<script type="application\/json" id="rehearsals">(.*?)<\/script>/s.exec(html)![1]!);

describe('one scenario', () => {
  const html = renderReport(rolledBack(), bare);

  test('says on top what happened', () => {
    expect(html).toContain('<h1>Everything went as expected</h1>');
    expect(html).toMatch(
      /<p class="verdict">Rolled back after 5 h 31 min, at 25\u202f% of the traffic; missed-spam tipped the verdict\. The candidate answered \d+ of 8\u202f630 requests/,
    );
    expect(html).not.toContain('class="overview"');
  });

  test('has a place for every chart, and their data', () => {
    const charts = [...html.matchAll(/data-chart="(\w+)" data-scenario="0"(?: data-kpi="(\d)")?/g)].map(
      ([, kind, kpi]) => `${kind}${kpi ?? ''}`,
    );
    expect(charts).toEqual(['share', 'evidence', 'kpi0', 'kpi1']);
    const [data] = embedded(html);
    expect(data!.series).toEqual(rolledBack().series);
    expect(data!.turns).toContainEqual({ t: 3060, event: 'weight', weight: 0.05 });
    expect(html).toContain('lower is better, target 3\u202f%. Drawn from 10 units on.');
  });

  test('tells the timeline in words, machinery apart', () => {
    expect(html).toMatch(
      /<tr class="turn"><td class="number">0:51<\/td><td>control<\/td><td>candidate r2-3f2a9c1b gets 5\u202f% of the units<\/td>/,
    );
    expect(html).toMatch(
      /<tr class="machinery"><td class="number">0:10<\/td><td>sagemaker<\/td><td>endpoint support-triage-live is Updating towards support-triage-r2-dark/,
    );
  });

  test('names what took the candidate off', () => {
    expect(html).toContain('<td>control</td><td>the verdict takes the candidate off the traffic: missed-spam: 31 of 178');
  });

  test('says how the model stands beside the baseline, where that was reviewed', () => {
    expect(html).not.toContain('Beside the baseline');
    const kpi = { kpi: 'missed-spam', lift: { state: 'undecided' }, words: 'missed-spam: 3 % & less' } as never;
    const criterion = { kpi: 'missed-spam', state: 'met', words: 'missed-spam is no better' } as never;
    const holdout = { reviews: 1, day: '2026-03-03', stable: 'r1-00000000', kpis: [kpi], criteria: [criterion], told: 1 };
    expect(renderReport({ ...rolledBack(), holdout }, bare)).toContain(
      '<h3>Beside the baseline, on 2026-03-03</h3><ul class="notes"><li>missed-spam: 3 % &amp; less</li><li class="broken">missed-spam is no better</li></ul>',
    );
  });

  test('says what the last look at drift said, what became of retraining, and marks both in the charts', () => {
    expect(html).not.toContain('Drift and retraining');
    const sample = rolledBack();
    const drift = { state: 'drifting', reason: 'hour < 6 moved', hour: '2026-03-02T09', features: ['hour'], quality: [] } as const;
    const run = { id: 't1', trigger: 'drift', status: 'registered', reason: 'mae 15 & not 21', requestedAtSeconds: 60 } as const;
    const begun = { t: 60, source: 'retraining', event: 'begun', detail: { id: 't1' } };
    const page = renderReport(
      { ...sample, drift: { ...drift, features: ['hour'], quality: [] }, retrainings: [run], timeline: [...sample.timeline, begun] },
      bare,
    );
    expect(page).toContain(
      '<h3>Drift and retraining</h3><ul class="notes"><li class="broken">drifting: hour &lt; 6 moved</li><li>retraining run t1, for drift: registered. mae 15 &amp; not 21</li></ul>',
    );
    expect(embedded(page)[0]!.turns).toContainEqual({ t: 60, event: 'begun' });
  });

  test('is one file: nothing is loaded from elsewhere', () => {
    expect(html).not.toMatch(/\b(?:src|href)="(?!#)/);
  });
});

test('several scenarios have an overview, and failures are named', () => {
  const html = renderReport([rolledBack(), promoted()], bare);
  expect(html).toContain('<h1>1 of 2 scenarios did not go as expected</h1>');
  expect(html).toContain('<a href="#good-candidate">good-candidate</a>');
  expect(html).toMatch(/<ul class="problems"><li>candidate answered at most 500 requests, but: \d+<\/li><\/ul>/);
  expect(embedded(html)).toHaveLength(2);
});

test('a broken invariant shows its violations', () => {
  const data = rolledBack();
  data.invariants[1] = { name: 'one-candidate', held: false, violations: ['3600 s: two candidates', 'again'] };
  expect(renderReport(data, bare)).toContain('one-candidate: 3600 s: two candidates; again');
});

test('text from the scenario cannot become markup or script', () => {
  const data = rolledBack();
  data.title = '<img src=x onerror=alert(1)>';
  data.series.kpis[0]!.name = '</script><script>alert(2)</script>';
  const html = renderReport(data, bare);
  expect(html).not.toContain('<img');
  expect(html).not.toContain('<script>alert');
  expect((embedded(html)[0]!.series as { kpis: { name: string }[] }).kpis[0]!.name).toBe('</script><script>alert(2)</script>');
});

describe('what is no rehearsal is refused, with the place that is wrong', () => {
  type Damage = [message: string, path: (string | number)[], value: unknown];
  test.each<Damage>([
    ['series must be an object; given: nothing', ['series'], undefined],
    ['timeline must be a list; given: "x"', ['timeline'], 'x'],
    ['outcome must be a text', ['outcome'], 7],
    ['virtualSeconds must be a finite number', ['virtualSeconds'], null],
    ['series.log10Threshold', ['series', 'log10Threshold'], undefined],
    ['series.evidence[0].name must be "all KPIs together"; given: "missed-spam"', ['series', 'evidence', 0, 'name'], 'missed-spam'],
    ['series.kpis[1].byArm.stable must be a list', ['series', 'kpis', 1, 'byArm', 'stable'], undefined],
    ['series.share[1].t must be at least', ['series', 'share', 1, 't'], -5],
    ['series.evidence[1].points[0].log10', ['series', 'evidence', 1, 'points', 0, 'log10'], Number.NaN],
  ])('%s', (message, place, value) => {
    const data = structuredClone(rolledBack());
    const parent = place.slice(0, -1).reduce((object, key) => Reflect.get(object, key) as object, data as object);
    Reflect.set(parent, place.at(-1)!, value);
    expect(() => renderReport(data, bare)).toThrow(message);
    expect(() => renderReport(data, bare)).toThrow('bad-candidate');
  });

  test('no scenario, and no object', () => {
    expect(() => renderReport([], bare)).toThrow('at least one scenario');
    expect(() => renderReport([null as never], bare)).toThrow('the result must be an object');
  });
});

test('the bundled page carries uPlot, its licence, and no way out of its script element', () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'report-page-'));
  try {
    execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'report-page.mjs'), outdir]);
    const read = (name: string): string => readFileSync(path.join(outdir, name), 'utf8');
    const assets = { script: read('report-page.js'), style: read('report-page.css') };
    const html = renderReport(rolledBack(), assets);
    expect(html).toContain('Leon Sorokin');
    expect(html).toContain('.u-legend');
    expect(html).toContain('prefers-color-scheme');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html.length).toBeLessThan(150_000);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
