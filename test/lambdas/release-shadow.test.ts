import { ledgerKeys } from '../../core/contracts';
import { firstControl } from '../../core/release/control';
import type { StepParts } from '../../lambdas/release-step/parts';
import { plan } from '../../lambdas/release-step/progress';
import { fakeLedger, SPEC, START } from './support';

const RELEASE = 'r2-bbbbbbbb';

async function planned(agreementField: string, captureBucket?: string) {
  const { ledger } = fakeLedger();
  const shadow = { bakeMinutes: 60, samplingShare: 1, agreementField, errorRateAbove: 0.02, minimumAnswers: 100 };
  await ledger.put(ledgerKeys.release(RELEASE), { id: RELEASE, spec: { ...SPEC, rollout: { ...SPEC.rollout, shadow } } });
  const stable = { releaseId: 'r1-aaaaaaaa', variantName: 'a', modelName: 'm', endpointConfigName: 'triage-abc123-r1-aaaaaaaa-live' };
  await ledger.put(ledgerKeys.control(), { ...firstControl(0, { at: '', by: 'workflow', reason: '' }), endpointName: 'e', stable });
  const parts = {
    ledger,
    surroundings: {
      useCase: 'support-triage',
      prefix: 'triage-abc123',
      modelRoleArn: 'arn:role',
      tags: {},
      ...(captureBucket === undefined ? {} : { captureBucket }),
    },
    now: () => START,
  } as unknown as StepParts;
  const ProductionVariants = [{ VariantName: 'a', ModelName: 'm', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 }];
  return plan(parts, {
    action: 'plan',
    releaseId: RELEASE,
    currentConfig: { EndpointConfigName: stable.endpointConfigName, ProductionVariants },
  });
}

test('a shadow phase is planned with its config', async () => {
  const { shadow } = await planned('scores[0].label', 'captures');
  expect(shadow?.configName).toBe('triage-abc123-r2-bbbbbbbb-shadow');
});

test('a field that is no JMESPath is refused before anything is built', async () => {
  await expect(planned('scores[', 'captures')).rejects.toThrow(/shadow\.agreement\.field is 'scores\[', which is no JMESPath/);
});

test('so is a phase without a bucket for its captures', async () => {
  await expect(planned('label')).rejects.toThrow(/no bucket for captures: deploy it with the strategy shadow/);
});
