import { after, HOUR, OWNER, scene, type Scene, shifted, usual } from './world';
import { posted } from '../support';
import type { DriftMute } from '../../../core/contracts';
import { answerOwner } from '../../../lambdas/drift/http';
import { answering, type HttpAnswer } from '../../../lambdas/shared/http';

async function lookAfter(the: Scene, hour: number) {
  the.at(after(hour));
  return the.look();
}

async function ask(
  the: Scene,
  body: unknown,
  who: string | undefined = OWNER,
  method = 'POST',
): Promise<HttpAnswer & { json: Record<string, unknown> }> {
  const answer = await answering(() => answerOwner(the.parts, posted('/', body, who, method)));
  return { ...answer, json: JSON.parse(String(answer.body)) as Record<string, unknown> };
}

const isoIn = (the: Scene, hours: number): string => new Date(the.clock.millis + hours * HOUR).toISOString();
const drifting = async (the: Scene, from: number, to: number): Promise<void> => {
  for (let hour = from; hour <= to; hour += 1) {
    the.capture(hour, 400, shifted);
    await lookAfter(the, hour);
  }
};
const usually = async (the: Scene, from: number, to: number): Promise<void> => {
  for (let hour = from; hour <= to; hour += 1) {
    the.capture(hour, 400);
    await lookAfter(the, hour);
  }
};
const events = (the: Scene): string[] => the.told.map(({ event }) => event);

/** Short windows: a day's would drift on for a day. */
const hourly = () => scene({ windowsHours: [1] });

describe('drift', () => {
  test('is told once, then daily, and when it is over', async () => {
    const the = await hourly();
    await drifting(the, 0, 23);
    expect(events(the)).toEqual(['DriftDetected']);
    await drifting(the, 24, 24);
    expect(events(the)).toEqual(['DriftDetected', 'DriftDetected']);
    await usually(the, 25, 26);
    expect(events(the)).toHaveLength(2);
    await usually(the, 27, 28);
    expect(events(the)).toEqual(['DriftDetected', 'DriftDetected', 'DriftEnded']);
  });

  test('at the edge does not come and go', async () => {
    const the = await hourly();
    for (let hour = 0; hour < 10; hour += 2) {
      await drifting(the, hour, hour);
      await usually(the, hour + 1, hour + 1);
    }
    expect(events(the)).toEqual(['DriftDetected']);
  });

  test('of another feature is told at once', async () => {
    const the = await hourly();
    await drifting(the, 0, 1);
    the.capture(2, 400, (index) => ({ ...shifted(index), country: 'XX' }));
    await lookAfter(the, 2);
    expect(events(the)).toEqual(['DriftDetected', 'DriftDetected']);
    expect(the.told[1]?.subject).toContain('country');
  });

  test('that could not be told is told by the next look, first', async () => {
    const the = await hourly();
    const { notify } = the.parts;
    the.parts.notify = () => Promise.reject(new Error('SNS is down'));
    the.capture(0, 400, shifted);
    the.at(after(0));
    await expect(the.look()).rejects.toThrow('SNS is down');
    the.parts.notify = notify;
    // Whoever claimed it may still be telling.
    expect(await the.coldLook()).toEqual({ skipped: 'another look is telling' });
    the.capture(1, 400, shifted);
    expect(await lookAfter(the, 1)).toMatchObject({ told: ['DriftDetected'] });
    expect(events(the)).toEqual(['DriftDetected']);
    await drifting(the, 2, 2);
    expect(events(the)).toHaveLength(1);
  });
});

describe('a snooze', () => {
  test('is silent until its end, whatever happens, and measures on', async () => {
    const the = await hourly();
    the.at(after(0) - HOUR);
    const { statusCode, json } = await ask(the, { do: 'snooze', feature: 'amount', until: isoIn(the, 6), reason: 'a campaign' });
    expect(statusCode).toBe(200);
    expect(json).toMatchObject({ feature: 'amount', kind: 'snooze', by: OWNER, reason: 'a campaign' });
    await drifting(the, 0, 4);
    expect(events(the)).toEqual([]);
    expect(the.metric('DriftingFeatures')).toBe(0);
    expect(the.measured.some(({ dimensions, values }) => dimensions['Feature'] === 'amount' && (values['DriftDistance'] ?? 0) > 0.1)).toBe(
      true,
    );
    expect(the.lastLook().state).toBe('drifting');
    await drifting(the, 5, 5);
    expect(events(the)).toEqual(['DriftDetected']);
    expect(the.metric('DriftingFeatures')).toBe(1);
  });

  test('of what was told ends with a new word', async () => {
    const the = await hourly();
    await drifting(the, 0, 0);
    await ask(the, { do: 'snooze', feature: '*', until: isoIn(the, 2.5), reason: 'known' });
    await drifting(the, 1, 2);
    expect(events(the)).toHaveLength(1);
    await drifting(the, 3, 3);
    expect(events(the)).toHaveLength(2);
  });

  test('of one feature does not silence another', async () => {
    const the = await hourly();
    await ask(the, { do: 'snooze', feature: 'country', until: isoIn(the, 24), reason: 'known' });
    the.capture(0, 400, (index) => ({ ...shifted(index), country: 'XX' }));
    await lookAfter(the, 0);
    expect(the.told[0]?.subject).toBe('drift in amount');
    expect(JSON.stringify(the.told[0]?.facts)).not.toContain('"feature":"country"');
  });

  test('can silence missing captures', async () => {
    const the = await hourly();
    the.requests.count = 500;
    the.at(after(0));
    await ask(the, { do: 'snooze', feature: 'captures', until: isoIn(the, 48), reason: 'the disk is known to be full' });
    await lookAfter(the, 0);
    expect(events(the)).toEqual([]);
    expect(the.metric('DriftNoData')).toBe(0);
    expect(the.lastLook().state).toBe('no-data');
  });
});

describe('an acknowledgement', () => {
  test('is silent until drift is over; what comes after is told', async () => {
    const the = await hourly();
    await drifting(the, 0, 0);
    await ask(the, { do: 'acknowledge', feature: 'amount', until: isoIn(the, 24 * 30), reason: 'new prices' });
    await drifting(the, 1, 26);
    expect(events(the)).toEqual(['DriftDetected']);
    await usually(the, 27, 29);
    const { json } = await ask(the, '', OWNER, 'GET');
    expect(json['mutes']).toEqual([]);
    await drifting(the, 30, 30);
    expect(events(the)).toEqual(['DriftDetected', 'DriftDetected']);
  });

  test('ends with its end', async () => {
    const the = await hourly();
    await drifting(the, 0, 0);
    await ask(the, { do: 'acknowledge', feature: 'amount', until: isoIn(the, 1.5), reason: 'new prices' });
    await drifting(the, 1, 2);
    expect(events(the)).toEqual(['DriftDetected', 'DriftDetected']);
  });

  test('made anew while a look takes the old one away stays', async () => {
    const the = await hourly();
    await drifting(the, 0, 0);
    await ask(the, { do: 'acknowledge', feature: 'amount', until: isoIn(the, 100), reason: 'old' });
    await usually(the, 1, 2);
    the.before('DeleteItem', async () => {
      the.clock.millis += 1;
      await ask(the, { do: 'acknowledge', feature: 'amount', until: isoIn(the, 100), reason: 'new' });
    });
    await usually(the, 3, 3);
    const { json } = await ask(the, '', OWNER, 'GET');
    expect(json['mutes']).toEqual([expect.objectContaining({ reason: 'new' })]);
  });
});

describe('the URL', () => {
  test('says what the last look saw, and what is muted', async () => {
    const the = await hourly();
    expect((await ask(the, '', OWNER, 'GET')).json).toEqual({ mutes: [] });
    await drifting(the, 0, 0);
    await ask(the, { do: 'snooze', feature: 'label', until: isoIn(the, 1), reason: 'r' });
    const { json } = await ask(the, '', OWNER, 'GET');
    expect(json).toMatchObject({ look: { state: 'drifting' }, mutes: [{ feature: 'label', kind: 'snooze' } satisfies Partial<DriftMute>] });
    the.clock.millis += 2 * HOUR;
    expect((await ask(the, '', OWNER, 'GET')).json['mutes']).toEqual([]);
  });

  test('unmutes', async () => {
    const the = await hourly();
    await ask(the, { do: 'snooze', feature: '*', until: isoIn(the, 1), reason: 'r' });
    expect((await ask(the, { do: 'unmute', feature: '*' })).json).toEqual({ done: 'unmuted', feature: '*' });
    expect((await ask(the, { do: 'unmute', feature: '*' })).statusCode).toBe(409);
  });

  test.each<[string, unknown, number, string]>([
    ['no feature of that name', { do: 'snooze', feature: 'amuont', until: 'in', reason: 'r' }, 400, 'There is no feature amuont'],
    ['an end in the past', { do: 'snooze', feature: 'amount', until: 'past', reason: 'r' }, 400, 'within 90 days'],
    ['an end too far away', { do: 'snooze', feature: 'amount', until: 'far', reason: 'r' }, 400, 'within 90 days'],
    ['no reason', { do: 'acknowledge', feature: 'amount', until: 'in' }, 400, 'reason'],
    ['an end that is no time', { do: 'snooze', feature: 'amount', until: 'tomorrow', reason: 'r' }, 400, 'until'],
    ['no JSON', 'snooze', 400, 'not JSON'],
    ['another deed', { do: 'retrain' }, 400, 'do'],
  ])('refuses %s', async (_, body, status, words) => {
    const the = await hourly();
    const times: Record<string, string> = { in: isoIn(the, 1), past: isoIn(the, -1), far: isoIn(the, 24 * 91) };
    const given = typeof body === 'object' ? (body as { until?: string }) : undefined;
    const until = times[given?.until ?? ''] ?? given?.until;
    const { statusCode, body: answer } = await ask(
      the,
      given === undefined ? body : { ...given, ...(until === undefined ? {} : { until }) },
    );
    expect(statusCode).toBe(status);
    expect(answer).toContain(words);
    expect(the.items('drift-mutes')).toEqual([]);
    expect(the.items('refusals')).toHaveLength(1);
  });

  test('obeys owners alone', async () => {
    const the = await hourly();
    const stranger = 'arn:aws:iam::111122223333:role/Stranger';
    expect((await ask(the, '', stranger, 'GET')).statusCode).toBe(403);
    expect((await ask(the, { do: 'unmute', feature: '*' }, stranger)).statusCode).toBe(403);
    expect((await ask(the, {}, OWNER, 'PUT')).statusCode).toBe(405);
    const unsigned = await answering(() => answerOwner(the.parts, posted('/', {})));
    expect(unsigned.statusCode).toBe(403);
  });

  test('knows the features that are derived, groups and measures', async () => {
    const the = await scene({
      features: [
        { name: 'subject', side: 'input', path: 'subject', kind: 'text' },
        { name: 'label', side: 'output', path: 'label', kind: 'categorical' },
      ],
      groups: { by: 'label', outcome: 'label', favourable: 'ham' },
      truth: { prediction: 'label', kind: 'classification', windowMinutes: 60, minimumLabels: 10 },
      joint: true,
    });
    for (const feature of ['subject', 'subject.length', 'label=ham', 'joint', 'accuracy', 'records']) {
      expect((await ask(the, { do: 'snooze', feature, until: isoIn(the, 1), reason: 'r' })).statusCode).toBe(200);
    }
    expect(the.items('drift-mutes')).toHaveLength(6);
  });
});

test('logs, metrics and messages hold names and ids, no content', async () => {
  const the = await scene();
  the.capture(0, 400, (index) => ({ ...usual(index), country: index % 2 === 0 ? 'IE' : 'secret-place' }));
  await lookAfter(the, 0);
  expect(the.told).toHaveLength(1);
  expect(JSON.stringify([the.measured])).not.toContain('secret-place');
});
