import { charterFromProps, formatProblem, parseCharter } from '../../../core/charter';
import { accepted, changed, refused, SAMPLE } from './sample';

describe('the sample', () => {
  test('is accepted, with durations in minutes and defaults filled in', () => {
    const charter = accepted(SAMPLE);
    expect(charter.kpis[0]).toMatchObject({ name: 'missed-spam', windowMinutes: 360, weight: 2, delayDependsOnArm: true });
    expect(charter.kpis[1]).toMatchObject({ weight: 1, margin: 0.2, windowMinutes: 1440 });
    expect(charter.rollout).toMatchObject({ strategies: ['canary'], maxDurationMinutes: 1440, keepWarmMinutes: 1440, holdout: 0.02 });
    expect(charter.rollout.steps?.[2]).toEqual({ weight: 0.5, bakeMinutes: 240 });
    expect(charter.approvals).toEqual({
      requiredRoles: ['quality', 'risk'],
      deadlineMinutes: 2880,
      onDeadline: 'reject',
      separationOfDuties: true,
      callback: false,
    });
    expect(charter.charter.data.retentionDays).toBe(365);
  });

  test('names the settings that have no effect yet', () => {
    const result = parseCharter(SAMPLE, 'usecase.yaml');
    expect(result.ok && result.effectless.map(({ path }) => path)).toEqual([
      'charter.reviewBy',
      'charter.data.residency',
      'charter.data.personal',
      'review',
      'serving.instances.max',
      'kpis[0].role',
    ]);
    expect(result.ok && result.effectless.every(({ why }) => why.length > 10)).toBe(true);
  });

  test('needs neither rollout nor approvals nor platform: there are defaults', () => {
    const short = SAMPLE.replace(/^rollout:[\s\S]*?(?=^approvals:)/m, '').replace(/^approvals:[\s\S]*?(?=^review:)/m, '');
    const charter = accepted(short.replace(/^platform:[\s\S]*$/m, ''));
    expect(charter.rollout).toMatchObject({ strategies: ['canary'], holdout: 0.02, inconclusive: 'hold' });
    expect(charter.approvals.requiredRoles).toEqual([]);
    expect(charter.platform).toEqual({});
  });
});

describe('what must change is said with path, value, and what is allowed', () => {
  const cases: [string, string | RegExp, string, { path: string; given?: string; allowed?: string | RegExp; suggestion?: RegExp }][] = [
    ['a misspelt key', 'window: 6h', 'windw: 6h', { path: 'kpis[0].windw', given: '"windw"', suggestion: /"window"/ }],
    ['a misspelt section', 'rollout:', 'rolout:', { path: 'rolout', suggestion: /"rollout"/ }],
    ['a key that resembles none', 'tags:', 'colour: red\ntags:', { path: 'colour', allowed: /schema, name, charter/ }],
    ['a KPI without direction', /^ {4}better: lower\n/m, '', { path: 'kpis[0].better', given: 'nothing', allowed: 'one of lower, higher' }],
    ['a step of 120 %', 'weight: 0.5, bake', 'weight: 1.2, bake', { path: 'rollout.steps[2].weight', given: '1.2', allowed: /at most 1/ }],
    ['a step in percent', 'weight: 0.5, bake', 'weight: 50%, bake', { path: 'rollout.steps[2].weight', given: '"50%"' }],
    ['a step that does not grow', 'weight: 0.5, bake', 'weight: 0.2, bake', { path: 'rollout.steps[2].weight', allowed: /0\.25/ }],
    ['a step into the holdout', 'weight: 0.5, bake', 'weight: 0.99, bake', { path: 'rollout.steps[2].weight', allowed: /0\.98/ }],
    [
      'steps longer than the rollout',
      'maxDuration: 24h',
      'maxDuration: 6h',
      { path: 'rollout.maxDuration', given: '360m', allowed: /600m/ },
    ],
    ['a holdout of most traffic', 'holdout: 0.02', 'holdout: 0.6', { path: 'rollout.holdout', given: '0.6' }],
    ['a negative holdout', 'holdout: 0.02', 'holdout: -0.1', { path: 'rollout.holdout', allowed: /0 to 1/ }],
    ['a bad duration', 'window: 6h', 'window: 6 hours', { path: 'kpis[0].window', allowed: /30m, 6h or 14d/ }],
    ['a duration of nothing', 'window: 6h', 'window: 0h', { path: 'kpis[0].window' }],
    ['a day that is not', 'reviewBy: 2027-03-31', 'reviewBy: 2027-02-30', { path: 'charter.reviewBy', given: '"2027-02-30"' }],
    ['a bad name', 'name: support-triage', 'name: Support Triage', { path: 'name', allowed: /3 to 32/ }],
    ['another schema', 'sluice/v1', 'sluice/v2', { path: 'schema', given: '"sluice/v2"', allowed: 'sluice/v1' }],
    ['a bad ARN', 'arn:aws:iam::111122223333:role/MlLead', 'MlLead', { path: 'owners.quality.principals[0]', allowed: /arn:aws:iam/ }],
    ['a bad currency', 'currency: USD', 'currency: dollars', { path: 'kpis[0].money.currency', allowed: /three capitals/ }],
    ['a bad instance', 'ml.g5.xlarge', 'g5.xlarge', { path: 'serving.instance', allowed: /ml\.g5\.xlarge/ }],
    ['min above max', 'min: 1, max: 4', 'min: 5, max: 4', { path: 'serving.instances.max', given: '4', allowed: /at least 5/ }],
    ['no instances', 'min: 1, max: 4', 'min: 0, max: 4', { path: 'serving.instances.min', given: '0' }],
    ['an unquoted number as tag', "'4711'", '4711', { path: 'tags.cost-centre', given: '4711', allowed: /quotes/ }],
    ['a reserved tag', 'team: support', 'aws:team: support', { path: 'tags."aws:team"', allowed: /reserved/ }],
    ['a role without owner', '[quality, risk]', '[quality, rsik]', { path: 'approvals.requiredRoles[1]', suggestion: /"risk"/ }],
    ['a role twice', '[quality, risk]', '[risk, risk]', { path: 'approvals.requiredRoles[1]', allowed: 'each role once' }],
    ['no process owner', 'process: ', 'proces: ', { path: 'owners.process', suggestion: /"proces"/ }],
    ['a KPI name twice', 'name: wrongly-blocked', 'name: missed-spam', { path: 'kpis[1].name', allowed: 'each name once' }],
    ['a KPI name that is taken', 'name: wrongly-blocked', 'name: error-rate', { path: 'kpis[1].name' }],
    ['a KPI named like the combined evidence', 'name: wrongly-blocked', 'name: combined', { path: 'kpis[1].name' }],
    ['a deadline that no execution lives to see', 'deadline: 48h', 'deadline: 400d', { path: 'approvals.deadline' }],
    ['units that differ', /type: binary, better: lower, unit: case/, 'type: binary, better: lower, unit: user', { path: 'kpis[1].unit' }],
    ['a KPI of no type', 'type: binary #', 'type: rate #', { path: 'kpis[0].type', allowed: 'one of binary, mean, count, latency' }],
    ['a target that is no rate', 'value: 0.03', 'value: 3', { path: 'kpis[0].target.value', given: '3' }],
    [
      'a kill criterion for no KPI',
      'kpi: missed-spam',
      'kpi: mised-spam',
      { path: 'charter.killCriteria[0].kpi', suggestion: /missed-spam/ },
    ],
    ['half a kill criterion', ', for: 7d', '', { path: 'charter.killCriteria[1]', allowed: /costPerDecisionAbove with for/ }],
    ['two baselines', 'rule: baseline.ts', 'rule: baseline.ts, fixed: 1', { path: 'baseline', allowed: /exactly one/ }],
    ['an absolute path', 'rule: baseline.ts', 'rule: /etc/baseline.ts', { path: 'baseline.rule', allowed: /relative/ }],
    ['a rule that is no module', 'rule: baseline.ts', 'rule: baseline.py', { path: 'baseline.rule', allowed: /\.mjs/ }],
    ['two models', "package: 'arn", "container: scikit-learn:1.2-1, package: 'arn", { path: 'release.model' }],
    ['an image without tag', /package: '[^']*'/, 'image: example.com/triage', { path: 'release.model.image', allowed: /tag or digest/ }],
    ['a container without artefact', /package: '[^']*'/, 'container: scikit-learn:1.2-1', { path: 'release.model' }],
    [
      'another container',
      /package: '[^']*'/,
      'container: pytorch:2.1, artefact: model',
      { path: 'release.model.container', allowed: /scikit-learn/ },
    ],
    ['a reserved variable', "package: 'arn", "environment: { SLUICE_X: a }, package: 'arn", { path: 'release.model.environment.SLUICE_X' }],
    ['an unknown strategy', 'strategy: canary', 'strategy: canry', { path: 'rollout.strategy', suggestion: /"canary"/ }],
    ['a list instead of a mapping', /^baseline:.*$/m, 'baseline: [a]', { path: 'baseline', given: '["a"]' }],
    ['a mapping instead of a list', 'requiredRoles: [quality, risk]', 'requiredRoles: { a: b }', { path: 'approvals.requiredRoles' }],
    ['an empty section', /^serving:.*$/m, 'serving:', { path: 'serving', given: 'null' }],
  ];

  test.each(cases)('%s', (_, from, to, expected) => {
    const [problem, ...others] = refused(changed(from, to));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      file: 'usecase.yaml',
      path: expected.path,
      ...(expected.given === undefined ? {} : { given: expected.given }),
    });
    expect(problem!.allowed).toMatch(expected.allowed ?? /./);
    expect(problem!.suggestion ?? '').toMatch(expected.suggestion ?? /^/);
  });

  test.each([['a human queue', 'rule: baseline.ts', 'humanQueue: {}', 'baseline.humanQueue']])(
    '%s that does not work yet is refused as such',
    (_, from, to, path) => {
      const [problem] = refused(changed(from, to));
      expect(problem).toMatchObject({ path });
      expect(problem!.message).toMatch(/not available yet/);
    },
  );

  test('a secret is refused without being repeated', () => {
    const key = `AKIA${'ABCDEFGH'.repeat(2)}`;
    const [problem] = refused(changed("package: 'arn", `environment: { KEY: ${key} }, package: 'arn`));
    expect(problem).toMatchObject({ path: 'release.model.environment.KEY' });
    expect(JSON.stringify(problem)).not.toContain(key);
  });

  test('steps belong to a canary', () => {
    expect(refused(changed('strategy: canary', 'strategy: all-at-once'))[0]).toMatchObject({ path: 'rollout.steps' });
    expect(accepted(changed(/ {2}strategy: canary[^\n]*\n[^\n]*\n/, '  strategy: all-at-once\n')).rollout.strategies).toEqual([
      'all-at-once',
    ]);
  });

  test('all problems are reported at once, each with its line', () => {
    const problems = refused(changed('ml.g5.xlarge', 'huge', changed('holdout: 0.02', 'holdout: 2')));
    expect(problems.map(({ path, line }) => [path, line])).toEqual([
      ['serving.instance', 37],
      ['rollout.holdout', 43],
    ]);
  });

  test('reads as one block', () => {
    expect(refused(changed('window: 6h', 'windw: 6h')).map(formatProblem).join('\n')).toBe(
      [
        'usecase.yaml:30  kpis[0].windw: is no setting here',
        '  given:   "windw"',
        '  allowed: name, type, better, unit, role, margin, mustImprove, target, money, window, weight, delayDependsOnArm, above, cap, typical, unobserved, attribution',
        '  Did you mean "window"?',
      ].join('\n'),
    );
  });
});

describe('the same check for props', () => {
  const props = {
    schema: 'sluice/v1',
    name: 'triage',
    charter: { problem: 'p', users: 'u', hypothesis: 'h', reviewBy: '2027-01-31', risk: 'limited', data: { sources: [], personal: false } },
    owners: { process: { principals: ['arn:aws:iam::111122223333:role/A'] } },
    kpis: [{ name: 'missed', type: 'binary', better: 'lower', unit: 'case', role: 'goal', window: '1h', margin: undefined }],
    baseline: { fixed: { label: 'ham' } },
    release: { model: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1' } },
    serving: { instance: 'ml.m5.large' },
  };

  test('accepts what is complete', () => {
    const result = charterFromProps(props, 'SupportTriage');
    expect(result).toMatchObject({ ok: true, charter: { serving: { mode: 'real-time', instances: { min: 1, max: 1 } } } });
  });

  test('accepts values that are only known at deploy time', () => {
    const owners = { process: { principals: ['${Token[TOKEN.12]}'] } };
    expect(charterFromProps({ ...props, owners }, 'x').ok).toBe(true);
    expect(refused(changed('arn:aws:iam::111122223333:role/MlLead', '${Token[TOKEN.12]}'))[0]!.message).toMatch(/CDK token/);
  });

  test('gives the same problem as the file, under the name of the construct', () => {
    const result = charterFromProps({ ...props, kpis: [{ ...props.kpis[0], better: undefined }] }, 'SupportTriage');
    expect(result).toMatchObject({ ok: false, problems: [{ file: 'SupportTriage', path: 'kpis[0].better', given: 'nothing' }] });
  });

  test.each([
    ['a cycle', cycle()],
    ['a big integer', { a: 1n }],
    ['deep nesting', nested(100_000)],
    ['a function', () => 1],
    ['nothing', undefined],
  ])('%s is refused, not thrown', (_, value) => {
    expect(charterFromProps(value, 'x').ok).toBe(false);
  });
});

function cycle(): unknown {
  const object: Record<string, unknown> = {};
  object['self'] = object;
  return object;
}

function nested(levels: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}
