import type { Lane, ReleaseSpec } from '../../../core/contracts';
import { changesOf, EVERYTHING, laneOf } from '../../../core/release/lanes';

type Content = Pick<ReleaseSpec, 'model' | 'serving' | 'behaviour'>;

const STABLE: Content = {
  model: { image: 'triage:1', environment: { A: '1' } },
  serving: { mode: 'real-time', instanceType: 'ml.m5.large', minInstances: 2, maxInstances: 4 },
  behaviour: { threshold: 0.62, prompt: { file: 'prompts/triage.md', sha256: 'aa' }, labels: ['spam', 'ham'], limits: { words: 200 } },
};
const withBehaviour = (change: object): Content => ({ ...STABLE, behaviour: { ...STABLE.behaviour, ...change } });

test.each<[string, Content, string[]]>([
  ['nothing', structuredClone(STABLE), []],
  ['a threshold', withBehaviour({ threshold: 0.7 }), ['behaviour.threshold']],
  ['a prompt', withBehaviour({ prompt: { file: 'prompts/triage.md', sha256: 'bb' } }), ['behaviour.prompt.sha256']],
  ['a list', withBehaviour({ labels: ['ham', 'spam'] }), ['behaviour.labels']],
  ['something new', withBehaviour({ extra: null }), ['behaviour.extra']],
  ['something gone', withBehaviour({ threshold: undefined }), ['behaviour.threshold']],
  ['a number that became a mapping', withBehaviour({ threshold: { low: 0.1 } }), ['behaviour.threshold']],
  ['a key that looks like a path', withBehaviour({ 'limits.words': 9 }), ['behaviour."limits.words"']],
  [
    'model and fleet',
    { ...STABLE, model: { ...STABLE.model, image: 'triage:2' }, serving: { ...STABLE.serving, minInstances: 3 } },
    ['model.image', 'serving.minInstances'],
  ],
])('%s is what changed', (_, next, expected) => {
  expect(changesOf(STABLE, next)).toEqual(expected);
});

test('without stable everything is new, which no lane covers', () => {
  const changes = changesOf(undefined, STABLE);
  expect(changes).toEqual([EVERYTHING]);
  expect(laneOf([{ name: 'all', changes: ['model', 'serving', 'behaviour'], requiredRoles: [] }], changes, STABLE)).toBeUndefined();
});

const tuning: Lane = {
  name: 'tuning',
  changes: ['behaviour.threshold', 'behaviour.limits'],
  within: { 'behaviour.threshold': [0.5, 0.7], 'behaviour.limits.words': [100, 300] },
  requiredRoles: ['quality'],
};
const wording: Lane = { name: 'wording', changes: ['behaviour.prompt', 'behaviour.threshold'], requiredRoles: ['quality', 'risk'] };

const inLane = (next: Content): string | undefined => laneOf([tuning, wording], changesOf(STABLE, next), next)?.name;

test.each<[string, Content, string | undefined]>([
  ['inside its limits', withBehaviour({ threshold: 0.7 }), 'tuning'],
  ['on its lower limit', withBehaviour({ threshold: 0.5 }), 'tuning'],
  ['beyond its limits, another lane may cover it', withBehaviour({ threshold: 0.71 }), 'wording'],
  ['beyond every lane', withBehaviour({ threshold: 0.71, limits: { words: 250 } }), undefined],
  ['below a part that the lane covers', withBehaviour({ limits: { words: 250, lines: 9 } }), 'tuning'],
  ['a limited number that is gone', withBehaviour({ limits: {} }), undefined],
  ['a limited number whose parent became a text', withBehaviour({ limits: 'none' }), undefined],
  ['a text in the place of a number', withBehaviour({ threshold: '0.6', limits: { words: 250 } }), undefined],
  ['a prompt', withBehaviour({ prompt: { file: 'prompts/triage.md', sha256: 'bb' } }), 'wording'],
  ['a name that only begins like the part', withBehaviour({ thresholds: 1 }), undefined],
  ['a key that imitates a path', withBehaviour({ 'limits.words': 250 }), undefined],
  ['something else as well', { ...withBehaviour({ threshold: 0.6 }), model: { image: 'triage:2', environment: { A: '1' } } }, undefined],
])('%s', (_, next, lane) => {
  expect(inLane(next)).toBe(lane);
});

test('limits of what nobody changed do not count: it was agreed to before', () => {
  const before = withBehaviour({ threshold: 0.9 });
  const next = { ...before, behaviour: { ...before.behaviour, limits: { words: 250 } } };
  expect(laneOf([tuning], changesOf(before, next), next)?.name).toBe('tuning');
});
