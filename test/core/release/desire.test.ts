import type { ReleaseSpec } from '../../../core/contracts';
import { releaseHash } from '../../../core/hash';
import {
  afterDeploy,
  afterRequest,
  carriedBy,
  carriersOf,
  partsOf,
  type ReleaseParts,
  saysTheSame,
  wantedParts,
  wishesOf,
  withoutFailed,
  withParts,
} from '../../../core/release/desire';
import { SPEC } from '../../lambdas/support';

const PACKAGE = (version: number) => ({ modelPackageArn: `arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage/${version}` });
const CHARTER: ReleaseParts = { ...partsOf(SPEC), model: PACKAGE(7) };
const with_ = (parts: Partial<ReleaseParts>): ReleaseParts => ({ ...CHARTER, ...parts });
const approved8 = carriedBy(afterRequest(wishesOf(CHARTER), { model: PACKAGE(8) }), 'r2');

test('parts and policy make the specification again, with the same hash', () => {
  const spec: ReleaseSpec = { ...SPEC, artefactSha256: 'ab', charterSha256: 'cd' };
  expect(withParts(spec, partsOf(spec))).toEqual(spec);
  const other = withParts(spec, with_({}));
  expect(other).toMatchObject({ charterSha256: 'cd', model: { ...PACKAGE(7), environment: SPEC.model.environment }, kpis: SPEC.kpis });
  expect(other).not.toHaveProperty('artefactSha256');
  expect(releaseHash(other)).not.toBe(releaseHash(spec));
});

describe('a deploy', () => {
  test('of the same charter leaves what the registry asked for', () => {
    const wishes = afterDeploy(approved8, CHARTER);
    expect(saysTheSame(approved8, CHARTER)).toBe(true);
    expect(wantedParts(wishes)).toEqual(with_({ model: PACKAGE(8) }));
  });

  test('that changes another part keeps the model of the registry', () => {
    const changed = with_({ behaviour: { threshold: 0.7 } });
    expect(saysTheSame(approved8, changed)).toBe(false);
    expect(wantedParts(afterDeploy(approved8, changed))).toEqual({ ...changed, model: PACKAGE(8) });
  });

  test('that changes the model has the last word on it', () => {
    expect(wantedParts(afterDeploy(approved8, with_({ model: PACKAGE(9) })))).toEqual(with_({ model: PACKAGE(9) }));
  });

  test('that takes its change back restores what was wanted before', () => {
    const there = afterDeploy(approved8, with_({ model: PACKAGE(9), behaviour: {} }));
    expect(wantedParts(afterDeploy(there, CHARTER))).toEqual(with_({ model: PACKAGE(8) }));
  });

  test('that goes back further does not', () => {
    const twice = afterDeploy(afterDeploy(approved8, with_({ model: PACKAGE(9) })), with_({ model: PACKAGE(10) }));
    expect(wantedParts(afterDeploy(twice, CHARTER))).toEqual(CHARTER);
  });
});

describe('a request', () => {
  test('for what is wanted already changes nothing', () => {
    expect(afterRequest(approved8, { model: PACKAGE(8), serving: SPEC.serving })).toEqual(approved8);
  });

  test('for what the charter says, after another one, counts', () => {
    const back = afterRequest(approved8, { model: PACKAGE(7) });
    expect(wantedParts(back)).toEqual(CHARTER);
    expect(back.model.asked).toHaveLength(2);
  });
});

test('a package of the registry is not told what the charter’s container is', () => {
  const environment = { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml', A: '1' };
  const container = { ...CHARTER, model: { image: 'example.com/sk:1' }, environment };
  const asked = afterRequest(wishesOf(container), { model: PACKAGE(8) });
  expect(wantedParts(asked).environment).toEqual({ A: '1' });
  expect(wantedParts(wishesOf(container)).environment).toEqual(environment);
  expect(wantedParts(wishesOf(with_({ environment }))).environment).toEqual(environment);
  expect(wantedParts(afterRequest(asked, { environment })).environment).toEqual(environment);
});

describe('what came to nothing', () => {
  test('is wanted no more: the one before it is', () => {
    const nine = carriedBy(afterRequest(approved8, { model: PACKAGE(9) }), 'r3');
    expect(carriersOf(nine)).toEqual(['r2', 'r3']);
    expect(wantedParts(withoutFailed(nine, new Set(['r3']))).model).toEqual(PACKAGE(8));
    expect(wantedParts(withoutFailed(nine, new Set(['r2', 'r3']))).model).toEqual(PACKAGE(7));
  });

  test('is not what a later release carries on', () => {
    const superseded = carriedBy(afterDeploy(approved8, with_({ behaviour: {} })), 'r3');
    expect(wantedParts(withoutFailed(superseded, new Set(['r2']))).model).toEqual(PACKAGE(8));
    expect(wantedParts(withoutFailed(superseded, new Set(['r2', 'r3']))).model).toEqual(PACKAGE(7));
  });

  test('is not what was never started', () => {
    const noted = afterRequest(wishesOf(CHARTER), { model: PACKAGE(8) });
    expect(wantedParts(withoutFailed(noted, new Set(['r2']))).model).toEqual(PACKAGE(8));
  });

  test('is not what a deploy taken back goes back to', () => {
    const there = afterDeploy(approved8, with_({ model: PACKAGE(9) }));
    expect(wantedParts(afterDeploy(withoutFailed(there, new Set(['r2'])), CHARTER)).model).toEqual(PACKAGE(7));
  });
});
