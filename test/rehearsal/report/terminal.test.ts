import pc from 'picocolors';
import { progressLine, timelineText } from '../../../rehearsal/report/terminal';
import { evidenceText, sentence } from '../../../rehearsal/report/words';
import { promoted, rolledBack } from './sample';

const ESCAPE = '\u001b[';
const plain = pc.createColors(false);

describe('timelineText', () => {
  test('draws the candidate share over time and says why it ended', () => {
    const { series, ...result } = rolledBack();
    const lines = timelineText(result, { series, colours: false }).split('\n');
    expect(lines[0]).toBe('✓ support-triage · bad-candidate  The candidate lets spam through; the business KPI notices');
    expect(lines[1]).toContain('Rolled back after 5 h 31 min');
    expect(lines[2]).toContain('evidence 26 reached its threshold 20');
    const share = lines.find((line) => line.includes('candidate share'))!;
    expect(share).toMatch(/│ ▁{4,5}▂{6,7} +│ at most 25\u202f%$/);
    expect(lines.find((line) => line.startsWith('  evidence '))).toMatch(/▁.*│ at most [\d.]+, threshold 20$/);
    expect(lines.find((line) => line.includes('· missed-spam'))).toMatch(/▁.*│ at most [\d.]+$/);
    expect(lines.some((line) => line.includes('· error-rate'))).toBe(true);
    expect(lines).toContain('  0:51  candidate r2-3f2a9c1b gets 5\u202f% of the units');
    expect(lines.some((line) => line.includes('Updating'))).toBe(false);
    expect(lines.at(-1)).toBe('  ✓ all 9 invariants held');
  });

  test('names what did not hold', () => {
    const data = promoted();
    data.invariants[0] = { name: 'gated-traffic', held: false, violations: ['live traffic before approval'] };
    const text = timelineText(data, { colours: false });
    expect(text).toMatch(/^✗/);
    expect(text).toMatch(/✗ candidate answered at most 500 requests, but: \d+/);
    expect(text).toContain('✗ gated-traffic: live traffic before approval');
    expect(text).not.toContain('all 9');
  });

  test('evidence over its threshold fills the column', () => {
    const data = rolledBack();
    data.series.evidence[0]!.points = [{ t: 12 * 3600, log10: 3 }];
    const line = timelineText(data, { series: data.series, colours: false })
      .split('\n')
      .find((one) => one.startsWith('  evidence '))!;
    expect(line).toMatch(/│ {24}█ {23}│ at most 1000, threshold 20/);
  });

  test('has colours only when asked or on a terminal', () => {
    expect(timelineText(rolledBack())).not.toContain(ESCAPE);
    expect(timelineText(rolledBack(), { colours: true })).toContain(ESCAPE);
  });

  test('a scenario in which nothing was released', () => {
    const text = timelineText({ ...rolledBack(), releases: [], traffic: [], outcome: 'none' }, { colours: false });
    expect(text).toContain('No release ended. The candidate answered');
    expect(text).toContain('at most 0\u202f%');
  });
});

describe('progressLine', () => {
  const progress = { scenarioName: 'bad', t: 21_600, ofSeconds: 86_400, requests: 2150, candidateShare: 0.05 };

  test('tells where the scenario stands', () => {
    expect(progressLine(progress, plain)).toBe('bad ████░░░░░░░░░░░░ 6:00 of 24:00  2\u202f150 requests  candidate 5\u202f%');
    expect(progressLine({ ...progress, log10Evidence: 0.7, log10Threshold: Math.log10(20) }, plain)).toMatch(/evidence 5 of 20$/);
  });

  test('evidence over its threshold stands out', () => {
    const over = { ...progress, log10Evidence: 2, log10Threshold: 1.3 };
    expect(progressLine(over, pc.createColors(true))).toContain(`${ESCAPE}31mevidence 100 of 20`);
  });
});

test.each([
  [0, '1'],
  [1.4, '25'],
  [-1, '0.1'],
  [6.24, '10^6.2'],
  [-40, '10^-40'],
])('log10 evidence %d is %s', (log10, expected) => {
  expect(evidenceText(log10)).toBe(expected);
});

test.each([
  ['control', 'killed', { by: 'arn:aws:iam::1:role/PlatformOnCall', reason: 'drill' }, 'kill switch on by PlatformOnCall: drill'],
  ['people', 'asks-for-kill', { as: 'platform', reason: 'drill' }, 'platform asks for kill: drill'],
  ['people', 'refused', { role: 'risk', path: '/approve', answer: 'no' }, 'risk is refused /approve: no'],
  ['fault', 'begins', { at: 5, service: 'lambda', operation: 'Invoke', error: 'X' }, 'fault: lambda Invoke answers X'],
  ['fault', 'begins', { at: 5, kpi: 'duplicate', share: 0.1 }, 'fault: kpi duplicate, share 0.1'],
  ['alarm', 'state-changed', { alarmName: 'a', state: 'ALARM', reason: 'why' }, 'alarm a is ALARM: why'],
  ['cloudformation', 'UPDATE_COMPLETE', { stack: 's' }, 'stack s update complete'],
  [
    'sagemaker',
    'endpoint-status',
    { endpointName: 'e', status: 'InService', endpointConfigName: 'c' },
    'endpoint e is InService, config c',
  ],
  ['new-source', 'some-event', { a: 1 }, 'new-source some event: a 1'],
])('%s %s in words', (source, event, detail, expected) => {
  expect(sentence({ t: 0, source, event, detail })).toBe(expected);
});
