import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadScenarios, type NamedScenario } from '../../../rehearsal/world/load-scenario';

/** A scenario file with these lists, read as the command reads it. */
function load(lists: string): NamedScenario {
  const directory = mkdtempSync(path.join(tmpdir(), 'actions-'));
  mkdirSync(path.join(directory, 'scenarios'));
  const traffic = lists.startsWith('traffic:') ? '' : 'traffic: { perMinute: 1 }\n';
  const arms = lists.startsWith('arms:') ? '' : 'arms: { stable: { model: m.mjs }, candidate: { model: m.mjs } }\n';
  const text = `title: t\nduration: 1d\n${traffic}${arms}${lists}\n`;
  writeFileSync(path.join(directory, 'scenarios', 's.yaml'), text);
  return loadScenarios(directory, 's')[0]!;
}

const action = (text: string) => () => load(`actions:\n  - ${text}`);

describe('the language of actions', () => {
  it.each([
    '{ at: 10m, do: deploy, release: candidate, change: { tags: { team: other } } }',
    '{ at: 10m, do: release, package: approved, release: candidate, as: process, reason: better }',
    '{ at: 10m, do: release, package: pending, release: candidate, supersede: true }',
    '{ at: 10m, do: release, behaviour: { threshold: 0.5 } }',
    '{ at: 10m, do: release, again: stable }',
    '{ at: 10m, do: approve-package, release: candidate }',
    '{ at: 10m, do: approve, as: "arn:aws:iam::123456789012:role/Stranger", role: risk, kind: release, release: candidate }',
    '{ at: 10m, do: delegate, as: risk, to: process, for: 2h }',
    '{ at: 10m, do: rollback, to: stable }',
    '{ at: 10m, do: acknowledge, incident: rollback }',
    '{ at: 10m, do: resolve }',
    '{ at: 10m, do: kill, as: platform, reason: drill }',
    '{ at: 10m, do: park, as: platform, reason: the weekend begins }',
    '{ at: 10m, do: wake, as: platform, for: 2h }',
    '{ at: 10m, do: budget }',
    '{ at: 10m, do: budget, kind: forecast, threshold: 0.8 }',
    '{ at: 10m, do: retrain, as: quality, reason: the season changed }',
    '{ at: 10m, do: snooze, feature: hour, for: 2d }',
    '{ at: 10m, do: acknowledge-drift }',
    '{ at: 10m, do: approve, kind: retraining }',
  ])('takes %s', (text) => {
    expect(action(text)).not.toThrow();
  });

  it.each([
    ['{ at: 1m, do: kil }', /actions\[0\]\.do[\s\S]*Did you mean "kill"/],
    [
      '{ at: 1m, do: kill, to: stable }',
      /actions\[0\]\.to: is no setting of this action[\s\S]*do: kill[\s\S]*allowed: at, do, as, reason$/,
    ],
    ['{ at: 1m, do: deploy, package: approved }', /actions\[0\]\.package: is no setting of this action/],
    ['{ at: 1m, do: release, release: candidate }', /actions\[0\]: do: release needs package: approved, pending or rejected/],
    ['{ at: 1m, do: release, package: approved }', /actions\[0\]: do: release needs release: the arm/],
    ['{ at: 1m, do: approve-package }', /actions\[0\]: do: approve-package needs release/],
    ['{ at: 1m, do: delegate }', /actions\[0\]: do: delegate needs to/],
    ['{ at: 1m, do: approve-package, release: candidat }', /there is no arm candidat under 'arms'; known: stable, candidate/],
    ['{ at: 1m, do: release, package: maybe, release: stable }', /actions\[0\]\.package[\s\S]*one of approved, pending, rejected/],
    ['{ at: 1m, do: park, to: stable }', /actions\[0\]\.to: is no setting of this action[\s\S]*do: park/],
    ['{ at: 1m, do: kill, threshold: 1 }', /actions\[0\]\.threshold: is no setting of this action/],
    ['{ at: 1m, do: budget, kind: release }', /actions\[0\]\.kind: is no kind of this action[\s\S]*allowed: actual, forecast/],
    [
      '{ at: 1m, do: approve, kind: actual }',
      /actions\[0\]\.kind: is no kind of this action[\s\S]*given: {3}actual[\s\S]*allowed: release/,
    ],
    ['{ at: 1m, do: budget, threshold: 0 }', /actions\[0\]\.threshold/],
    ['{ at: 1m, do: retrain, feature: hour }', /actions\[0\]\.feature: is no setting of this action[\s\S]*allowed: at, do, as, reason$/],
    ['{ at: 1m, do: snooze, until: 2026-03-04 }', /actions\[0\]\.until: is no setting here/],
    ['{ at: 1m, do: resolve, incident: fire }', /actions\[0\]\.incident[\s\S]*one of rollback, kill/],
  ])('refuses %s', (text, message) => {
    expect(action(text)).toThrow(message);
  });
});

describe('the language of people, functions and expectations', () => {
  it.each([
    'people: [{ role: risk, as: "arn:aws:iam::123456789012:role/Stranger", after: 1m, decision: approve, times: 2 }]',
    'people: [{ role: risk, after: 1m, decision: approve, through: callback, kind: inconclusive, release: candidate }]',
    'functions: { check: gates/check.mjs }',
    'judge: judge.mjs',
    'training: training.mjs',
    'stateMachines: { trainer: trainer.asl.json }',
    'traffic: { perMinute: 1, source: t.mjs, options: { drift: { from: 2d }, seasons: [1, 2] } }',
    'faults: [{ at: 1h, capture: stops, for: 3h }]',
    'expect: { drift: { state: drifting, features: [hour], quality: { mae: false } }, retraining: { runs: 1, last: registered } }',
    'expect: { parked: true, spend: { atLeast: 10.5, atMost: 12 } }',
    'expect: { outcomes: [superseded, promoted], stage: approval, reason: nobody }',
    'expect: { timeline: [{ source: control, event: locked, detail: { weight: 0.5 }, after: 1h, before: 2h, times: 1 }] }',
    'expect: { incidents: [{ kind: rollback, status: resolved, reason: worse }], refusals: [{ what: approve, reason: no owner }] }',
  ])('takes %s', (text) => {
    expect(() => load(text)).not.toThrow();
  });

  it.each([
    ['people: [{ role: risk, after: 1m, decision: approve, through: mail }]', /people\[0\]\.through[\s\S]*one of url, callback/],
    ['people: [{ role: risk, after: 1m, decision: veto }]', /people\[0\]\.decision[\s\S]*one of approve, reject/],
    ['expect: { outcomes: [done] }', /expect\.outcomes\[0\][\s\S]*one of promoted/],
    ['expect: { incidents: [{ kind: fire }] }', /expect\.incidents\[0\]\.kind/],
    ['faults: [{ at: 1h, capture: ends }]', /faults\[0\]\.capture[\s\S]*stops/],
    ['expect: { drift: { state: drifts } }', /expect\.drift\.state[\s\S]*one of ok, drifting, no-data/],
    ['expect: { drift: { state: ok, quality: { f1: true } } }', /expect\.drift\.quality/],
    ['expect: { retraining: { last: promoted } }', /expect\.retraining\.last[\s\S]*one of selecting/],
    ['expect: { spend: { most: 12 } }', /expect\.spend\.most: is no setting here[\s\S]*atLeast, atMost/],
    ['expect: { timeline: [{ source: control }] }', /expect\.timeline\[0\]\.event: is missing/],
  ])('refuses %s', (text, message) => {
    expect(() => load(text)).toThrow(message);
  });
});

describe('arms whose models come out of training', () => {
  const arms = (trained: string, more: string) => () => load(`arms: { stable: { model: m.mjs }, trained: ${trained} }\n${more}`);

  it('need no model', () => {
    expect(arms('{ latencyMs: { p50: 10, p95: 20 } }', 'training: t.mjs')().scenario.arms.trained?.model).toBeUndefined();
    expect(arms('{ model: m.mjs }', '')().scenario.arms.trained?.model).toBe('m.mjs');
    expect(arms('{}', 'training: t.mjs\nactions: [{ at: 1h, do: approve, release: trained }]')).not.toThrow();
  });

  it.each([
    ['{}', '', /arms\.trained\.model: is missing[\s\S]*where the scenario has 'training'/],
    ['{ model: m.mjs }', 'training: t.mjs', /arms\.trained\.model: the models of this arm come out of 'training'/],
    ['{}', 'training: t.mjs\nactions: [{ at: 1h, do: deploy, release: trained }]', /actions\[0\]\.release: the arm trained comes out of/],
    ['{}', 'training: t.mjs\nactions: [{ at: 1h, do: approve-package, release: trained }]', /comes out of a training job alone/],
  ])('%s with %s is refused', (trained, more, message) => {
    expect(arms(trained, more)).toThrow(message);
  });
});
