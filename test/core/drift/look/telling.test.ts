import type { DriftCheck, DriftFinding, DriftLook, DriftMute, DriftState } from '../../../../core/contracts';
import { hourName } from '../../../../core/drift/look/objects';
import { CAPTURES, decideTelling, type DriftMemory, NOTHING_TOLD, RECORDS } from '../../../../core/drift/look/telling';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T00:00:00Z');

const finding = (feature: string, check: DriftCheck = 'distribution'): DriftFinding => ({
  check,
  feature,
  windowHours: 24,
  value: 0.3,
  limit: 0.1,
  rows: 500,
  words: feature,
  examples: [],
});

/** A story: looks an hour apart, each as the features that drift, `-` for no data. */
class Story {
  memory: DriftMemory = NOTHING_TOLD;
  mutes: DriftMute[] = [];
  hour = 0;

  look(findings: DriftFinding[], { state, missing = false }: { state?: DriftState; missing?: boolean } = {}): string[] {
    const look: DriftLook = {
      at: new Date(START + this.hour * HOUR).toISOString(),
      hour: hourName(START / HOUR + this.hour),
      state: 'ok',
      reason: 'the reason',
      windows: [{ hours: 24, state: state ?? (findings.length > 0 ? 'drifting' : 'ok'), rows: 500, broken: 0, findings }],
      quality: [],
    };
    const telling = decideTelling({ look, missing, memory: this.memory, mutes: this.mutes, nowMillis: START + this.hour * HOUR });
    this.memory = telling.memory;
    this.over = telling.over.map(({ feature }) => feature);
    this.mutes = this.mutes.filter((mute) => !telling.over.includes(mute));
    this.loud = telling.loud.DriftDetected;
    this.hour += 1;
    return telling.notices.map(({ event, subject }) => `${event}: ${subject}`);
  }

  over: string[] = [];
  loud: string[] = [];

  mute(feature: string, kind: DriftMute['kind'], hours: number): void {
    const until = new Date(START + (this.hour + hours) * HOUR).toISOString();
    this.mutes.push({ feature, kind, until, reason: 'r', by: 'b', at: 'a' });
  }
}

const drift = 'DriftDetected: drift in amount';

test('once, after a day, and the end after three quiet hours', () => {
  const story = new Story();
  expect(story.look([finding('amount')])).toEqual([drift]);
  for (let hour = 1; hour < 24; hour += 1) expect(story.look([finding('amount')])).toEqual([]);
  expect(story.look([finding('amount')])).toEqual([drift]);
  expect(story.look([])).toEqual([]);
  expect(story.look([])).toEqual([]);
  expect(story.look([])).toEqual(['DriftEnded: no drift any more in amount']);
  expect(story.look([])).toEqual([]);
  expect(story.memory).toEqual(NOTHING_TOLD);
});

test('a look half an hour early tells the daily word all the same, one of the same hour does not', () => {
  const story = new Story();
  story.look([finding('amount')]);
  story.hour = 0;
  expect(story.look([finding('amount')])).toEqual([]);
  story.hour = 23.6;
  expect(story.look([finding('amount')])).toEqual([drift]);
});

test('one feature that ends while another drifts on is no end', () => {
  const story = new Story();
  expect(story.look([finding('amount'), finding('label')])).toEqual(['DriftDetected: drift in amount, label']);
  for (let hour = 0; hour < 5; hour += 1) expect(story.look([finding('label')])).toEqual([]);
  for (let hour = 0; hour < 2; hour += 1) story.look([]);
  expect(story.look([])).toEqual(['DriftEnded: no drift any more in label']);
});

test('without data nothing is over', () => {
  const story = new Story();
  story.look([finding('amount')]);
  for (let hour = 0; hour < 10; hour += 1) expect(story.look([], { state: 'no-data' })).toEqual([]);
  for (let hour = 0; hour < 10; hour += 1) expect(story.look([], { state: 'not-enough-data' })).toEqual([]);
  expect([...Array(3)].flatMap(() => story.look([]))).toEqual(['DriftEnded: no drift any more in amount']);
});

test.each<DriftCheck>(['missing', 'wrong-type', 'out-of-range', 'incomplete'])('%s is broken input', (check) => {
  const story = new Story();
  expect(story.look([finding('amount', check)], { state: 'broken-input' })).toEqual(['DriftBrokenInput: broken input in amount']);
  expect(story.loud).toEqual([]);
});

test.each<DriftCheck>(['distribution', 'unseen', 'group', 'joint', 'quality', 'kpi'])('%s is drift', (check) => {
  const story = new Story();
  expect(story.look([finding('amount', check)])).toEqual([drift]);
  expect(story.loud).toEqual(['amount']);
});

test('drift and broken input are told apart, and so are their ends', () => {
  const story = new Story();
  const both = [finding('amount'), finding('label', 'missing')];
  expect(story.look(both, { state: 'broken-input' })).toEqual([drift, 'DriftBrokenInput: broken input in label']);
  const notices = [1, 2, 3].flatMap(() => story.look([finding('amount')]));
  expect(notices).toEqual(['DriftEnded: input is no longer broken in label']);
});

test('records that cannot be read go by a name of their own', () => {
  const story = new Story();
  expect(story.look([], { state: 'broken-input' })).toEqual(['DriftBrokenInput: captured records cannot be read: the reason']);
  expect(Object.keys(story.memory.told)).toEqual([`DriftBrokenInput:${RECORDS}`]);
});

test('captures that are missing are told until they come, whatever else is judged', () => {
  const story = new Story();
  expect(story.look([], { state: 'no-data', missing: true })).toEqual(['DriftNoData: drift cannot be judged: the reason']);
  expect(Object.keys(story.memory.told)).toEqual([`DriftNoData:${CAPTURES}`]);
  // Nobody asks at night: that says nothing of captures.
  expect(story.look([], { state: 'no-data' })).toEqual([]);
  expect(story.look([])).toEqual(['DriftEnded: drift can be judged again']);
});

describe('muted', () => {
  test('nothing is told and nothing is loud until the snooze ends', () => {
    const story = new Story();
    story.mute('amount', 'snooze', 3);
    for (let hour = 0; hour < 3; hour += 1) expect(story.look([finding('amount')])).toEqual([]);
    expect(story.loud).toEqual([]);
    expect(story.look([finding('amount')])).toEqual([drift]);
    expect(story.loud).toEqual(['amount']);
  });

  test('a snooze stays when drift is over, an acknowledgement goes', () => {
    const story = new Story();
    story.mute('amount', 'snooze', 100);
    story.mute('label', 'acknowledge', 100);
    story.look([finding('amount'), finding('label')]);
    story.look([]);
    story.look([]);
    expect(story.over).toEqual([]);
    story.look([]);
    expect(story.over).toEqual(['label']);
    expect(story.look([finding('amount'), finding('label')])).toEqual(['DriftDetected: drift in label']);
  });

  test('an end is not told of what was told before the mute and ended under it', () => {
    const story = new Story();
    story.look([finding('amount')]);
    story.mute('*', 'snooze', 50);
    expect([1, 2, 3, 4, 5].flatMap(() => story.look([]))).toEqual([]);
  });

  test('a text stands for what is derived from it, a feature for its groups, and no other name', () => {
    const story = new Story();
    story.mute('subject', 'snooze', 100);
    story.mute('label', 'snooze', 100);
    expect(story.look([finding('subject.length'), finding('label=ham', 'group'), finding('subjects')])).toEqual([
      'DriftDetected: drift in subjects',
    ]);
  });

  test('all of it', () => {
    const story = new Story();
    story.mute('*', 'acknowledge', 100);
    expect(story.look([finding('amount'), finding('label', 'missing')], { state: 'broken-input', missing: true })).toEqual([]);
    expect(story.over).toEqual([]);
  });
});

test('of many features a few are named', () => {
  const story = new Story();
  const [notice] = story.look(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => finding(name)));
  expect(notice).toBe('DriftDetected: drift in a, b, c, d, e and 2 more');
});
