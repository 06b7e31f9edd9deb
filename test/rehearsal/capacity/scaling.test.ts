import type { Template } from '../../../rehearsal/assembly/load';
import { withEditedTemplates } from '../toy';
import { type CapacityRecording, deploy, minutesOf, perform, play, prepare, scalings, wrong } from './play';

jest.setTimeout(400_000);

const scaling = { target: 20, scaleInCooldown: '5m' };
const scaled = (more: Record<string, unknown> = {}) => ({ serving: { scaling, ...more } });

describe('stable is scaled', () => {
  test('out under a burst and in afterwards, between its fewest and its most', async () => {
    const recording = await play({
      charter: scaled(),
      traffic: { perMinute: 8, source: 'traffic.mjs', bursts: [{ from: '20m', to: '60m', perMinute: 120 }] },
      actions: [deploy()],
    });
    expect(wrong(recording)).toEqual([]);
    const counts = scalings(recording).map(([, , to]) => to);
    expect(Math.max(...counts)).toBe(4);
    expect(counts.at(-1)).toBe(1);
    expect(recording.scaled).toEqual([expect.stringMatching(/^endpoint\/toy-.*-endpoint\/variant\/a$/)]);
  });

  test('and not in during a release, as quiet as it becomes', async () => {
    const recording = await play({
      charter: scaled(),
      duration: '4h',
      traffic: { perMinute: 8, source: 'traffic.mjs', bursts: [{ from: '5m', to: '45m', perMinute: 60 }] },
      people: [{ role: 'quality', after: '90m', decision: 'approve', comment: 'looks fine' }],
      actions: [deploy(), deploy('good', '40m')],
    });
    expect(wrong(recording)).toEqual([]);
    const [locked] = minutesOf(recording, 'control', 'locked');
    const unlocked = minutesOf(recording, 'control', 'unlocked').at(-1) ?? Number.POSITIVE_INFINITY;
    const all = scalings(recording);
    expect(all.some(([minute, from, to]) => minute <= locked! && to > from)).toBe(true);
    expect(all.filter(([minute, from, to]) => minute > locked! && minute < unlocked && to < from)).toEqual([]);
  });
});

test.each(['kill', 'destroy'])('a %s leaves no endpoint, and nothing that would scale it', async (what) => {
  const recording = await play({
    charter: scaled(),
    duration: '1h',
    actions: [deploy(), { at: '20m', do: what, as: 'platform', reason: 'drill' }],
  });
  expect(wrong(recording)).toEqual([]);
  expect([recording.standing, recording.scaled]).toEqual([[], []]);
});

/** Another instance type, under stable's variant name: SageMaker refuses that of a scaled variant. */
const blueGreen = {
  rollout: { strategy: 'blue-green', steps: null, blueGreen: { routing: 'all-at-once', terminationWait: '5m' } },
};

const change = (): Record<string, unknown> => ({
  charter: scaled(),
  duration: '3h',
  traffic: { perMinute: 15, source: 'traffic.mjs' },
  people: [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }],
  actions: [deploy(), deploy('good', '30m', { change: { ...scaled({ instance: 'ml.g6.xlarge' }), ...blueGreen } })],
});

/** Every state that makes scaling let go does something else instead. */
function holdingOn(template: Template): void {
  for (const resource of Object.values(template.Resources)) {
    if (!String(resource.Metadata?.['aws:cdk:path']).endsWith('/Release/Workflow/Resource')) continue;
    const before = JSON.stringify(resource.Properties?.DefinitionString);
    const after = before.replaceAll('free-scaling', 'note-growth');
    expect(after).not.toBe(before);
    resource.Properties = { ...resource.Properties, DefinitionString: JSON.parse(after) as unknown };
  }
}

const outcomes = ({ result }: CapacityRecording): string[] => result.releases.map(({ outcome, stage }) => `${outcome} ${stage}`);

describe('a release with another instance type on a scaled variant', () => {
  test('is promoted, and scaled again afterwards', async () => {
    const recording = await play(change());
    expect(wrong(recording)).toEqual([]);
    expect(outcomes(recording)).toEqual(['promoted promote']);
    expect(recording.scaled).toHaveLength(1);
  });

  test('fails where scaling does not let go', async () => {
    const recording = await perform(withEditedTemplates(await prepare(change()), holdingOn));
    expect(recording.result.releases[0]).toMatchObject({
      outcome: 'rolled-back',
      stage: 'blue-green',
      reason: expect.stringMatching(/must be deregistered as scalable targets/),
    });
  });
});
