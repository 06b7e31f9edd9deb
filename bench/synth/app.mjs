// One CDK app with so many of a kind, each in a stack of its own: node app.mjs <kind> <count> <output folder>. Prints { millis, resources }.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [kind, count, outdir] = process.argv.slice(2);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
// One CDK for all: the library, the peers and this app.
const require = createRequire(path.join(root, 'node_modules', 'none.js'));
const peers = createRequire(path.join(process.env.PEERS ?? path.join(root, 'node_modules'), 'none.js'));
const { App, CfnResource, Stack } = require('aws-cdk-lib');
const iam = require('aws-cdk-lib/aws-iam');

const IMAGE = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1.4.0';
const ARTEFACT = 's3://models/triage.tar.gz';
const INSTANCE = 'ml.g5.xlarge';

/** Everything is loaded before the clock starts: loading is paid once, whatever the count. */
const builders = {
  empty: () => (stack) => new CfnResource(stack, 'Handle', { type: 'AWS::CloudFormation::WaitConditionHandle' }),
  'use-case': () => {
    const { AiUseCase } = require(path.join(root, 'dist/lib'));
    return (stack) => AiUseCase.fromCharter(stack, 'UseCase', path.join(root, 'examples/support-triage'));
  },
  'model-endpoint': () => {
    const { EndpointInstance, ModelEndpoint, ModelSource, Serving } = require(path.join(root, 'dist/lib'));
    return (stack) =>
      new ModelEndpoint(stack, 'Endpoint', {
        serving: Serving.realTime({
          variants: [
            {
              name: 'a',
              model: ModelSource.container({ image: IMAGE, artefact: ARTEFACT }),
              instance: EndpointInstance.of(INSTANCE),
            },
          ],
        }),
      });
  },
  'aws-solutions-constructs': () => {
    const { BuildSagemakerEndpoint } = peers('@aws-solutions-constructs/core');
    return (stack) =>
      BuildSagemakerEndpoint(stack, 'Endpoint', {
        modelProps: { primaryContainer: { image: IMAGE, modelDataUrl: ARTEFACT } },
        endpointConfigProps: {
          productionVariants: [
            { modelName: 'triage', variantName: 'a', instanceType: INSTANCE, initialInstanceCount: 1, initialVariantWeight: 1 },
          ],
        },
      });
  },
  'generative-ai-cdk-constructs': () => {
    const { sagemaker_deployment: peer } = peers('@cdklabs/generative-ai-cdk-constructs');
    return (stack, index) =>
      new peer.CustomSageMakerEndpoint(stack, 'Endpoint', {
        modelId: 'triage',
        endpointName: `triage-${index}`,
        instanceType: new peer.SageMakerInstanceType(INSTANCE),
        container: peer.ContainerImage.fromEcrRepository(
          require('aws-cdk-lib/aws-ecr').Repository.fromRepositoryName(stack, 'Repository', 'triage'),
          '1.4.0',
        ),
        modelDataUrl: ARTEFACT,
        role: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }),
      });
  },
};

const build = builders[kind]();
const start = performance.now();
const app = new App({ outdir });
for (let index = 0; index < Number(count); index += 1) build(new Stack(app, `Stack${index}`), index);
const assembly = app.synth();
const millis = performance.now() - start;
const resources = assembly.stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources ?? {}).length, 0);
console.log(JSON.stringify({ millis, resources }));
