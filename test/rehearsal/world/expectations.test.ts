import type { IncidentRecord, RefusalRecord } from '../../../core/contracts';
import { checkExpectations, type ExpectationFacts } from '../../../rehearsal/world/expectations';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';

const rollback: IncidentRecord = {
  id: 'i-rollback-r2-bbbbbbbb',
  kind: 'rollback',
  reason: 'mistakes are worse',
  openedAt: '2026-03-02T10:00:00.000Z',
  openedBy: 'verdict',
  acknowledged: { by: 'arn:aws:iam::123456789012:role/Platform', at: '2026-03-02T10:05:00.000Z' },
};

const refusal: RefusalRecord = {
  at: '2026-03-02T10:00:00.000Z',
  what: 'approve',
  by: 'arn:aws:iam::123456789012:role/Stranger',
  reason: 'arn:aws:iam::123456789012:role/Stranger is no owner of this use case',
  expiresAt: 1,
};

const facts: ExpectationFacts = {
  outcome: 'rolled-back',
  outcomes: ['superseded', 'rolled-back'],
  stage: 'canary:0.05',
  reason: 'mistakes are worse',
  candidateRequests: 10,
  failedRequests: 0,
  timeline: [
    { t: 60, source: 'control', event: 'weight', detail: { weight: 0.05, by: 'workflow' } },
    { t: 120, source: 'control', event: 'candidate-removed', detail: { by: 'alarm:toy-rollback-errors' } },
  ],
  incidents: [rollback],
  refusals: [refusal],
};

const failing = (expect: object): string[] => {
  const scenario = scenarioSchema.parse({ title: 't', duration: '1h', traffic: { perMinute: 1 }, arms: {}, expect });
  return checkExpectations(scenario.expect, facts)
    .filter(({ held }) => !held)
    .map(({ text, seen }) => `${text}; seen: ${seen}`);
};

test.each([
  { outcomes: ['superseded', 'rolled-back'], stage: 'canary:0.05', reason: 'worse' },
  { timeline: [{ event: 'weight', detail: { weight: 0.05 }, before: '1m' }] },
  { timeline: [{ source: 'control', event: 'candidate-removed', detail: { by: 'alarm:' }, after: '2m', times: 1 }] },
  { timeline: [{ event: 'killed', times: 0 }] },
  { incidents: [{ kind: 'rollback' }, { kind: 'rollback', status: 'acknowledged', reason: 'worse' }] },
  { refusals: [{ what: 'approve', reason: 'no owner' }] },
])('holds: %j', (expect_) => {
  expect(failing(expect_)).toEqual([]);
});

test.each([
  [{ outcomes: ['rolled-back'] }, 'outcomes are rolled-back; seen: superseded, rolled-back'],
  [{ stage: 'approval' }, 'ended at approval; seen: canary:0.05'],
  [{ reason: 'vetoed' }, "the reason says 'vetoed'; seen: mistakes are worse"],
  [{ timeline: [{ event: 'weight', detail: { weight: 0.5 } }] }, 'weight weight 0.5 happened at least once; seen: never'],
  [{ timeline: [{ event: 'weight', after: '2m' }] }, 'weight after 120 s happened at least once; seen: never'],
  [{ timeline: [{ source: 'states', event: 'weight' }] }, 'states weight happened at least once; seen: never'],
  [{ timeline: [{ event: 'weight', times: 2 }] }, 'weight happened 2 times; seen: once'],
  [{ incidents: [{ kind: 'kill' }] }, 'an incident kill; seen: none'],
  [{ incidents: [{ kind: 'rollback', status: 'resolved' }] }, 'an incident rollback is resolved; seen: acknowledged: mistakes are worse'],
  [{ refusals: [{ what: 'release' }] }, 'refused: release; seen: nothing'],
  [{ refusals: [{ what: 'approve', reason: 'twice' }] }, /^refused: approve, 'twice'; seen: .* is no owner/],
])('does not hold: %j', (expect_, message) => {
  expect(failing(expect_)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)]);
});
