import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { App, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { FEATURE_FLAGS } from '../../bin/context';
import { NetworkStack } from '../../examples/platform-repo/network-stack';
import { RankingStack } from '../../examples/platform-repo/ranking-stack';
import { TranscriptionStack } from '../../examples/platform-repo/transcription-stack';
import { placeholderBundles } from '../support/stacks';

const env = { region: 'eu-west-1' };

function platform() {
  placeholderBundles();
  delete process.env['CDK_VALIDATION'];
  const outdir = mkdtempSync(path.join(tmpdir(), 'sluice-platform-'));
  const app = new App({ context: FEATURE_FLAGS, builtinCloudFormationValidation: true, outdir });
  const { vpc, onCall } = new NetworkStack(app, 'platform-network', { env });
  const ranking = new RankingStack(app, 'ranking', { env, vpc, onCall });
  const transcription = new TranscriptionStack(app, 'transcription', { env, onCall });
  return { app, ranking: Template.fromStack(ranking), transcription: Template.fromStack(transcription) };
}

const { app, ranking, transcription } = platform();

test('two variants share the requests nine to one, in the VPC of the platform, and updates keep what runs', () => {
  ranking.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
    ProductionVariants: [
      Match.objectLike({ VariantName: 'main', InitialVariantWeight: 9 }),
      Match.objectLike({ VariantName: 'experiment', InitialVariantWeight: 1 }),
    ],
  });
  ranking.allResourcesProperties('AWS::SageMaker::Model', { VpcConfig: Match.objectLike({ Subnets: Match.anyValue() }) });
  ranking.hasResourceProperties('AWS::SageMaker::Endpoint', { RetainAllVariantProperties: true });
});

test('the asynchronous endpoint scales to nothing', () => {
  transcription.hasResourceProperties('AWS::SageMaker::EndpointConfig', { AsyncInferenceConfig: Match.anyValue() });
  transcription.hasResourceProperties('Custom::SluiceScaling', { Parts: Match.stringLikeRegexp('"bounds":."min":0,"max":4') });
});

test('cdk-nag and the strict validation of templates find nothing', () => {
  const pack: IPolicyValidationPlugin & {
    validateScope(scope: App): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
  } = new AwsSolutionsChecks(app) as never;
  const found = pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
  expect(found).toEqual([]);
  expect(() => app.synth({ force: true })).not.toThrow();
  expect(process.exitCode ?? 0).toBe(0);
});
