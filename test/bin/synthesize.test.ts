import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { merge, synthesize, type SynthesizeOptions } from '../../bin/synthesize';
import type { ReleaseSpec } from '../../core/contracts';
import { CHARTER_FOLDER, placeholderBundles } from '../support/stacks';

/** The release that the synthesized stack asks for; references within it are left out. */
function releaseOf(options: Partial<SynthesizeOptions> = {}): ReleaseSpec {
  placeholderBundles();
  const outdir = mkdtempSync(path.join(tmpdir(), 'sluice-synth-'));
  const { assemblyDir } = synthesize({ charterPath: CHARTER_FOLDER, outdir, validation: false, ...options });
  const template = JSON.parse(readFileSync(path.join(assemblyDir, 'support-triage.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { Release: { 'Fn::Join': [string, unknown[]] } } }>;
  };
  const desired = Object.values(template.Resources).find(({ Type }) => Type === 'Custom::SluiceDesiredRelease');
  const parts = desired?.Properties.Release['Fn::Join'][1] ?? [];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')) as ReleaseSpec;
}

describe('synthesize', () => {
  test('makes a stack named after the use case', () => {
    placeholderBundles();
    const outdir = mkdtempSync(path.join(tmpdir(), 'sluice-synth-'));
    expect(synthesize({ charterPath: CHARTER_FOLDER, outdir, validation: false }).assemblyDir).toBe(outdir);
    expect(readdirSync(outdir)).toContain('support-triage.template.json');
  });

  test('tells the container which arm it plays, beside its own environment', () => {
    const { environment } = releaseOf({ environment: { SLUICE_REHEARSAL_ARM: 'candidate' } }).model;
    expect(environment).toMatchObject({ SLUICE_REHEARSAL_ARM: 'candidate', SAGEMAKER_PROGRAM: 'inference.py' });
  });

  test('promotes a prehistory at once, with no approval owed', () => {
    const { approvals, rollout } = releaseOf({ strategy: 'all-at-once' });
    expect(rollout).toMatchObject({ strategy: 'all-at-once', steps: [] });
    expect(approvals.requiredRoles).toEqual([]);
    expect(releaseOf().approvals.requiredRoles).toEqual(['risk']);
  });

  test('lays overrides over the charter, which is checked with them', () => {
    expect(releaseOf({ overrides: { release: { behaviour: { threshold: 0.9 } } } }).behaviour).toMatchObject({
      threshold: 0.9,
      prompt: { file: 'prompt.md' },
    });
    expect(() => releaseOf({ overrides: { rollout: { holdout: 2 } } })).toThrow(/rollout\.holdout/);
  });

  test('takes a profile', () => {
    expect(releaseOf({ profile: 'cpu' }).serving.instanceType).toBe('ml.m5.large');
    expect(releaseOf({ profile: 'cpu', strategy: 'all-at-once' }).serving.instanceType).toBe('ml.m5.large');
  });

  test('names the charter that is not there', () => {
    expect(() => releaseOf({ charterPath: 'no/such/folder' })).toThrow(/There is no charter at/);
  });
});

describe('merge', () => {
  test('goes into mappings and replaces everything else', () => {
    expect(merge({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: 3 }, d: [4], e: { f: 1, g: null } })).toEqual({
      a: { b: 3, c: 2 },
      d: [4],
      e: { f: 1 },
    });
    expect(merge({ a: 1, b: { c: 2, d: 3 } }, { a: null, b: { d: null } })).toEqual({ b: { c: 2 } });
  });
});
