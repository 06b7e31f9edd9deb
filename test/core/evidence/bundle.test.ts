import type { ControlRecord, ReleaseRecord } from '../../../core/contracts';
import { type BundleParts, evidenceBundle, sealed, trueEnding } from '../../../core/evidence';

const record = { id: 'r1', hash: 'h', spec: { useCase: 'triage' }, requestedBy: 'deploy', requestedAt: 't0' } as unknown as ReleaseRecord;
const control = { mode: 'live', stable: { releaseId: 'r0' } } as unknown as ControlRecord;
const said = { outcome: 'rolled-back' as const, stage: 'canary:0.05', reason: 'worse' };

describe('the true ending', () => {
  test('is promoted where the release is stable, whatever failed afterwards', () => {
    expect(trueEnding(said, 'r0', control, undefined).outcome).toBe('promoted');
  });
  test('is what whoever stopped it ordered', () => {
    const stopped = { outcome: 'withdrawn' as const, reason: 'not wanted' };
    expect(trueEnding(said, 'r1', control, stopped)).toEqual({ ...said, outcome: 'withdrawn', reason: 'not wanted' });
  });
  test('is killed under the kill switch', () => {
    expect(trueEnding(said, 'r1', { ...control, mode: 'killed' }, undefined).outcome).toBe('killed');
  });
  test('is never promoted for a release that is not stable', () => {
    expect(trueEnding({ ...said, outcome: 'promoted' }, 'r1', control, undefined).outcome).toBe('rolled-back');
    expect(trueEnding(said, 'r1', control, undefined)).toEqual(said);
  });
});

const parts: BundleParts = {
  sequence: 1,
  record,
  ending: said,
  endedAt: 't9',
  boards: [],
  gates: [],
  traffic: [],
  incidents: [],
  refusals: [],
  model: {},
  opened: [],
  closed: [],
  measurements: [],
};

test('a bundle tells of each step how it closed', () => {
  const opened = [
    { weight: 0.05, openedAt: 't1' },
    { weight: 0.25, openedAt: 't3' },
    { weight: 0.5, openedAt: 't5' },
  ];
  const closed = [{ decision: 'advance' as const, reason: 'baked', by: 'verdict', at: 't2' }, undefined, undefined];
  const bundle = evidenceBundle({ ...parts, ending: { ...said, culprit: 'k' }, opened, closed });
  expect(bundle.steps).toEqual([
    { weight: 0.05, openedAt: 't1', closedAt: 't2', decision: 'advance', reason: 'baked' },
    { weight: 0.25, openedAt: 't3', closedAt: 't5', decision: 'none', reason: 'Ended without a verdict' },
    { weight: 0.5, openedAt: 't5', closedAt: 't9', decision: 'none', reason: 'Ended without a verdict' },
  ]);
  expect(bundle).toMatchObject({ schema: 'sluice.evidence/v2', sequence: 1, useCase: 'triage', culprit: 'k', outcome: 'rolled-back' });
  expect(bundle).not.toHaveProperty('previousBundleSha256');
  const first = sealed(bundle);
  const second = sealed({ ...bundle, previousBundleSha256: first.sha256 });
  expect(second.sha256).not.toBe(first.sha256);
  expect(sealed(bundle)).toEqual(first);
});

test('a bundle says who was asked and who decided, but never the token that answers', () => {
  const decision = { role: 'risk', decision: 'approve' as const, by: 'arn:anna', at: 't2', onBehalfOf: 'arn:ben' };
  const board = {
    releaseId: 'r1',
    kind: 'release' as const,
    taskToken: 'secret',
    requiredRoles: ['risk'],
    quorum: 1,
    requestedAt: 't1',
    deadline: 't8',
    decisions: [decision],
    status: 'approved' as const,
  };
  const bundle = evidenceBundle({ ...parts, boards: [board] });
  expect(bundle.approvals).toEqual([decision]);
  expect(bundle.boards).toEqual([
    { kind: 'release', requiredRoles: ['risk'], quorum: 1, requestedAt: 't1', deadline: 't8', status: 'approved' },
  ]);
  expect(sealed(bundle).text).not.toContain('secret');
});

test('the second bundle of a release that was taken back says how it ended first', () => {
  const promoted = { ...record, status: 'promoted' as const, endedAt: 't5' };
  expect(evidenceBundle({ ...parts, record: promoted }).endedBefore).toEqual({ outcome: 'promoted', endedAt: 't5' });
  expect(evidenceBundle(parts)).not.toHaveProperty('endedBefore');
});
