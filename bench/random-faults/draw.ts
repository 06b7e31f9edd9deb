import { createRandom } from '../../rehearsal/kernel/random';
import type { Random } from '../../rehearsal/cloud/types';
import { drawFaults } from './faults';

/** A scenario as its file would hold it. */
export type Drawn = Record<string, unknown> & { actions: Entry[]; faults: Entry[]; people: Entry[] };
export type Entry = Record<string, unknown>;

export const pick = <T>(random: Random, from: readonly T[]): T => from[random.integer(from.length)] as T;

const chance = (random: Random, share: number): boolean => random.next() < share;

/** A time between two minutes of the scenario, to the second: nothing waits for whole minutes. */
export const between = (random: Random, fromMinutes: number, toMinutes: number): string =>
  `${Math.round(60 * (fromMinutes + (toMinutes - fromMinutes) * random.next()))}s`;

const STEPS = [
  { weight: 0.3, bake: '15m' },
  { weight: 0.5, bake: '15m' },
];

const GATE = { name: 'legal', custom: { function: 'arn:aws:lambda:eu-west-1:123456789012:function:check' } };

/** What is laid over the charter; few, since each is synthesized. */
const CHARTERS: readonly Entry[] = [
  { rollout: { strategy: 'canary', steps: STEPS } },
  { rollout: { strategy: 'canary', steps: STEPS, keepWarm: '45m' } },
  { rollout: { strategy: 'canary', steps: STEPS }, gates: [GATE] },
  { rollout: { strategy: ['shadow', 'canary'], steps: STEPS, shadow: { bake: '15m', minimumAnswers: 15 } } },
  { rollout: { strategy: 'linear', steps: undefined, linear: { step: 0.34, bake: '10m' } } },
  {
    rollout: {
      strategy: 'blue-green',
      steps: undefined,
      blueGreen: { routing: 'canary', step: 0.3, wait: '5m', terminationWait: '5m' },
    },
  },
  { rollout: { strategy: 'all-at-once', steps: undefined, keepWarm: '30m' } },
];

const ARMS = ['good', 'good', 'bad', 'failing'] as const;
const OWNERS = ['platform', 'process', 'quality', 'risk', 'arn:aws:iam::123456789012:role/Stranger'] as const;

/** What people do after the first deploy. */
const DEEDS: ((random: Random) => Entry)[] = [
  (random) => ({ do: 'deploy', release: pick(random, [...ARMS, 'stable']) }),
  (random) => ({
    do: 'release',
    package: pick(random, ['approved', 'pending']),
    release: pick(random, ARMS),
    supersede: chance(random, 0.5),
    as: 'process',
  }),
  (random) => ({ do: 'release', behaviour: { threshold: pick(random, [0.5, 0.6, 0.7]) }, supersede: chance(random, 0.5), as: 'process' }),
  (random) => ({ do: 'release', again: pick(random, ARMS), as: 'process' }),
  (random) => ({ do: 'approve-package', release: pick(random, ARMS), as: 'arn:aws:iam::123456789012:role/Registrar' }),
  (random) => ({ do: pick(random, ['approve', 'reject']), as: pick(random, OWNERS) }),
  (random) => ({ do: 'rollback', as: pick(random, OWNERS) }),
  (random) => ({ do: 'rollback', to: pick(random, ['stable', 'good']), as: 'platform' }),
  (random) => ({ do: 'kill', as: pick(random, OWNERS) }),
  () => ({ do: 'revive', as: 'platform' }),
  () => ({ do: 'resolve', as: 'platform', reason: 'looked into it' }),
  () => ({ do: 'destroy' }),
];

/** So often each deed is done, beside the others. */
const OFTEN = [6, 3, 3, 1, 2, 3, 4, 2, 2, 3, 2, 1];

function drawDeed(random: Random): Entry {
  let left = random.next() * OFTEN.reduce((sum, one) => sum + one, 0);
  const index = OFTEN.findIndex((one) => (left -= one) < 0);
  return (DEEDS[index] ?? DEEDS[0]!)(random);
}

function drawActions(random: Random, change: Entry): Entry[] {
  const first = { at: between(random, 0.5, 5), do: 'deploy', release: pick(random, ARMS), change };
  const further = Array.from({ length: random.integer(5) }, (): Entry => ({ at: between(random, 5, 150), ...drawDeed(random) }));
  return [first, ...further.map((action) => (action['do'] === 'deploy' ? { ...action, change } : action))];
}

const PEOPLE: readonly Entry[][] = [
  [
    { role: 'quality', after: '5m', decision: 'approve' },
    { role: 'quality', after: '15m', decision: 'approve', kind: 'inconclusive' },
  ],
  [{ role: 'quality', after: '5m', decision: 'approve', times: 2 }],
  [{ role: 'quality', after: '10m', decision: 'reject', comment: 'not now' }],
  [{ role: 'quality', as: 'platform', after: '2m', decision: 'approve' }],
];

/** The scenario of a seed: what people do, and what breaks meanwhile. The same seed draws the same scenario. */
export function drawScenario(seed: number): Drawn {
  const random = createRandom(seed).fork('random faults');
  const change = pick(random, CHARTERS);
  const approved = chance(random, 0.7);
  return {
    title: `Random faults, seed ${seed}`,
    duration: '3h',
    traffic: { perMinute: 5, source: 'traffic.mjs' },
    given: { stable: 'promoted' },
    arms: Object.fromEntries(['stable', 'good', 'bad', 'failing'].map((arm) => [arm, { model: `models/${arm}.mjs` }])),
    outcomes: 'outcomes.mjs',
    functions: { check: chance(random, 0.8) ? 'gates/fine.mjs' : 'gates/garbage.mjs' },
    people: approved ? PEOPLE[0]! : pick(random, PEOPLE),
    actions: drawActions(random.fork('actions'), change),
    faults: drawFaults(random.fork('faults')),
  };
}
