import { effectlessSettings } from '../../../core/charter';
import { accepted, changed, refused, SAMPLE } from './sample';

const pathsOf = (text: string): string[] => effectlessSettings(accepted(text)).map(({ path }) => path);

test.each([
  ['review', /^review:.*\n/m],
  ['budget', /^budget:.*\n/m],
  ['rollout.keepWarm', / {2}keepWarm:.*\n/],
  ['charter.killCriteria', / {2}killCriteria:.*\n(?: {4}.*\n)+/],
  ['charter.data.residency', / residency: \[eu-west-1\],/],
  ['kpis[0].money', / {4}money:.*\n/],
])('%s is named only where it is given', (path, written) => {
  expect(pathsOf(SAMPLE)).toContain(path);
  expect(pathsOf(changed(written, ''))).not.toContain(path);
});

test('a fleet that would have to grow is named, since nothing scales it', () => {
  expect(pathsOf(SAMPLE)).toContain('serving.instances.max');
  expect(pathsOf(changed('max: 4', 'max: 1'))).not.toContain('serving.instances.max');
});

test('high risk is named, since nothing more follows from it', () => {
  expect(pathsOf(SAMPLE)).not.toContain('charter.risk');
  expect(pathsOf(changed('risk: limited', 'risk: high'))).toContain('charter.risk');
});

test('a profile cannot bring a serving mode that does not work yet', () => {
  const [problem] = refused(`${SAMPLE}\nprofiles: { small: { serving: { mode: async } } }\n`);
  expect(problem).toMatchObject({ path: 'profiles.small.serving.mode', given: '"async"', allowed: 'real-time (for now)' });
});
