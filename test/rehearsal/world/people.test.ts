import { People } from '../../../rehearsal/world/people';
import type { ScenarioAction } from '../../../rehearsal/world/scenario-schema';
import { planDeployments, STANDING } from '../../../rehearsal/world/plan';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import { FakeCloud } from '../support/fake-cloud';

interface Posted {
  url: string;
  path: string;
  body: unknown;
  by: string;
}

/** What an action of the scenario sends, and what the timeline tells of it. */
async function act(action: object, status = 200): Promise<{ posted: Posted[]; told: [string, Record<string, unknown>][] }> {
  const scenario = scenarioSchema.parse({
    title: 't',
    duration: '1h',
    traffic: { perMinute: 1 },
    arms: {},
    actions: [{ at: '0s', ...action }],
  });
  const cloud = new FakeCloud();
  const posted: Posted[] = [];
  const people = new People(
    {
      cloud,
      invokeUrl: (url, { path, body }, { principalArn }) => {
        posted.push({ url, path, body: JSON.parse(new TextDecoder().decode(body)) as unknown, by: principalArn });
        return Promise.resolve({ status, headers: {}, body: new TextEncoder().encode('no') });
      },
      outputs: () => ({ DriftUrl: 'https://drift', RetrainingUrl: 'https://retraining' }),
      principalOf: (role) => `arn:aws:iam::123456789012:role/${role}`,
      releases: () => [],
      approvals: () => [],
      incidents: () => [],
      armOf: () => undefined,
    },
    [],
  );
  await people.operate(scenario.actions[0] as ScenarioAction);
  return { posted, told: cloud.log.filter(({ source }) => source === 'people').map(({ event, detail }) => [event, detail]) };
}

const by = 'arn:aws:iam::123456789012:role/quality';
/** Where the fake cloud's time begins. */
const after = (hours: number): string => new Date(new FakeCloud().clock.now() + hours * 3_600_000).toISOString();

test.each<[object, Posted, string]>([
  [
    { do: 'retrain', as: 'quality', reason: 'a new season' },
    { url: 'https://retraining', path: '/', body: { reason: 'a new season' }, by },
    'retrain',
  ],
  [
    { do: 'snooze', as: 'quality', feature: 'hour', for: '2d', reason: 'a strike' },
    { url: 'https://drift', path: '/', body: { do: 'snooze', feature: 'hour', until: after(48), reason: 'a strike' }, by },
    'snooze',
  ],
  [
    { do: 'acknowledge-drift', as: 'quality', reason: 'known' },
    { url: 'https://drift', path: '/', body: { do: 'acknowledge', feature: '*', until: after(24), reason: 'known' }, by },
    'acknowledge-drift',
  ],
])('%j is a signed request of its owner', async (action, request, event) => {
  const { posted, told } = await act(action);
  expect(posted).toEqual([request]);
  expect(told).toEqual([[event, expect.objectContaining({ path: `/${event}`, role: 'quality', status: 200 })]]);
});

test('what is refused is told as what was asked for', async () => {
  const { told } = await act({ do: 'retrain', as: 'quality' }, 409);
  expect(told).toEqual([['refused', expect.objectContaining({ path: '/retrain', answer: 'no' })]]);
});

test.each([
  [{}, false],
  [{ training: 'training.mjs' }, true],
  [{ actions: [{ at: '1h', do: 'retrain' }] }, true],
  [{ actions: [{ at: '1h', do: 'snooze' }] }, false],
])('what retraining releases owes what the charter says: %j', (more, standing) => {
  const arms = { stable: { model: 'm.mjs' } };
  const scenario = scenarioSchema.parse({
    title: 't',
    duration: '1d',
    traffic: { perMinute: 1 },
    given: { stable: 'promoted' },
    arms,
    ...more,
  });
  expect(planDeployments(scenario).some(({ label }) => label === STANDING)).toBe(standing);
});
