import { effectlessSettings } from '../../../core/charter';
import { accepted, changed, SAMPLE } from './sample';

const pathsOf = (text: string): string[] => effectlessSettings(accepted(text)).map(({ path }) => path);

test.each([
  ['review', /^review:.*\n/m],
  ['charter.data.residency', / residency: \[eu-west-1\],/],
])('%s is named only where it is given', (path, written) => {
  expect(pathsOf(SAMPLE)).toContain(path);
  expect(pathsOf(changed(written, ''))).not.toContain(path);
});

test('bounds are named where nothing scales between them', () => {
  expect(pathsOf(SAMPLE)).toContain('serving.instances.max');
  expect(pathsOf(changed('max: 4', 'max: 1'))).not.toContain('serving.instances.max');
  expect(pathsOf(changed('max: 4 }', 'max: 4 }, scaling: { target: 600 }'))).not.toContain('serving.instances.max');
});

test('nothing goes to zero without scaling', () => {
  const own = changed(/ {2}existingEndpoint:.*\n/, '');
  const async = 'serving: { mode: async, instance: ml.g5.xlarge, instances: { min: 0, max: 1 } }';
  expect(pathsOf(changed(/^serving:.*$/m, async, own))).toContain('serving.instances.min');
  const copies =
    'serving: { mode: inference-components, instance: ml.g5.xlarge, component: { memoryMb: 1024, copies: { min: 0, max: 1 } } }';
  expect(pathsOf(changed(/^serving:.*$/m, copies, own))).toContain('serving.component.copies.min');
});

describe('what holds KPIs against the baseline', () => {
  const kpi = 'missed-spam';
  const noCriterion = changed(/ {4}- \{ kpi: missed-spam.*\n/, '');
  const binary = 'type: binary #';

  test('has an effect with a holdout', () => {
    const paths = pathsOf(SAMPLE);
    expect(paths).not.toContain('kpis[0].money');
    expect(paths).not.toContain('charter.killCriteria');
    expect(paths).not.toContain('charter.killCriteria[0].kpi');
    expect(accepted(SAMPLE).charter.killCriteria![0]!.kpi).toBe(kpi);
  });

  test('puts no price on anything without a holdout', () => {
    expect(pathsOf(changed('holdout: 0.02', 'holdout: 0', noCriterion))).toContain('kpis[0].money');
  });

  test('puts no price on outcomes that the baseline does not have', () => {
    expect(pathsOf(changed(binary, `attribution: variant\n    ${binary}`, noCriterion))).toContain('kpis[0].money');
  });
});

test('a goal is named as long as no improvement is demanded of it', () => {
  expect(pathsOf(SAMPLE)).toContain('kpis[0].role');
  const mustImprove = changed('role: goal #', 'mustImprove: true\n    role: goal #');
  expect(pathsOf(mustImprove).filter((path) => path.startsWith('kpis'))).toEqual([]);
  const atOnce = changed(/ {2}strategy: canary[^\n]*\n[^\n]*\n/, '  strategy: all-at-once\n', mustImprove);
  expect(pathsOf(atOnce)).toContain('kpis[0].mustImprove');
});
