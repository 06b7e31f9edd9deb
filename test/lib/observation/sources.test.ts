import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, type IPolicyValidationPlugin, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FEATURE_FLAGS } from '../../../bin/context';
import { type KpiPolicy, Ledger, ObservationIntake } from '../../../lib';
import { acknowledge } from '../../../lib/shared/acknowledge';
import { placeholderBundles } from '../../support/stacks';

/** An intake that takes KPI events in every way. */
function appOf(options: { validated: boolean }): App {
  placeholderBundles();
  const outdir = mkdtempSync(path.join(tmpdir(), 'sluice-sources-'));
  const app = new App({ context: FEATURE_FLAGS, builtinCloudFormationValidation: options.validated, outdir });
  const stack = new Stack(app, 'support-triage');
  // With a key, the CDK's own grant on the table's key has wildcards.
  const encryptionKey = options.validated ? new kms.Key(stack, 'Key', { enableKeyRotation: true }) : undefined;
  const keyring = new secretsmanager.Secret(stack, 'Keyring');
  acknowledge(keyring, 'a secret of this test', 'AwsSolutions-SMG4');
  new ObservationIntake(stack, 'Intake', {
    useCaseName: 'support-triage',
    ledger: new Ledger(stack, 'Ledger', { encryptionKey }),
    keyring,
    kpis: [{ name: 'missed-spam' } as KpiPolicy],
    encryptionKey,
    kpiHttp: true,
    kpiFiles: true,
  });
  return app;
}

test('cdk-nag finds nothing that is not acknowledged with a reason', () => {
  const app = appOf({ validated: false });
  const pack: IPolicyValidationPlugin & {
    validateScope(scope: App): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
  } = new AwsSolutionsChecks(app) as never;
  const findings = pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
  expect(findings).toEqual([]);
});

describe('CloudFormation validation with default rules', () => {
  const before = process.env['CDK_VALIDATION'];
  beforeAll(() => delete process.env['CDK_VALIDATION']);
  afterAll(() => {
    process.env['CDK_VALIDATION'] = before;
    process.exitCode = 0;
  });

  test('accepts the template', () => {
    expect(() => appOf({ validated: true }).synth()).not.toThrow();
    expect(process.exitCode ?? 0).toBe(0);
  }, 60_000);
});
