import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { EndpointInstance, ModelSource, type EndpointVariantProps } from '../../../lib';
import type { Accepted } from './accepted';
import { image, realTime } from './parts';

/** A folder that is packed with the app. */
function folder(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-endpoint-'));
  writeFileSync(path.join(directory, 'weights.txt'), '1,2,3\n');
  return directory;
}
const artefacts = folder();

const row = (name: string, rest: (tag: string) => Partial<EndpointVariantProps>): Accepted => ({
  name,
  props: (_stack, tag) => realTime(tag, rest(tag)),
});
const container = (artefact: string) => (tag: string) => ({ model: ModelSource.container({ image: image(tag), artefact }) });

/** What runs on an endpoint. */
export const models: Accepted[] = [
  row('an archive in S3', container('s3://models-123456789012/triage/model.tar.gz')),
  row('a prefix in S3, taken as it is', container('s3://models-123456789012/triage/')),
  row('a gated model of JumpStart', (tag) => ({
    model: ModelSource.container({ image: image(tag), artefact: 's3://jumpstart-private-cache-prod-us-east-1/meta-textgeneration/' }),
    acceptEula: true,
    instance: EndpointInstance.G5_12XLARGE,
  })),
  row('a gated model in an archive', (tag) => ({ ...container('s3://models-123456789012/gated.tar.gz')(tag), acceptEula: true })),
  row('a folder packed with the app', container(artefacts)),
  row('an image by digest', (tag) => ({
    model: ModelSource.container({ image: `${image('').slice(0, -1)}@sha256:${(tag === 'one' ? 'a' : 'b').repeat(64)}` }),
  })),
  row("AWS's scikit-learn container", (tag) => ({
    model: ModelSource.scikitLearn({ version: tag === 'one' ? '1.2-1' : '1.4-2', artefact: artefacts }),
  })),
  row('a large language model on an image with vLLM', (tag) => ({
    model: ModelSource.container({ image: image(`vllm-${tag}`), artefact: 's3://models-123456789012/llama/' }),
    instance: EndpointInstance.G6E_12XLARGE,
    environment: { OPTION_TENSOR_PARALLEL_DEGREE: '4', OPTION_MAX_MODEL_LEN: '8192' },
  })),
  row('the longest value in the environment', () => ({ environment: { PROMPT: 'x'.repeat(1024) } })),
  row('a hundred variables in the environment', () => ({
    environment: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`V${index}`, ''])),
  })),
  {
    name: 'a secret for the container',
    props: (stack, tag) =>
      realTime(tag, {
        environment: { HF_MODEL_ID: 'meta-llama/Llama-3.1-8B' },
        secrets: { HF_TOKEN_ARN: secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'models/hub-token') },
      }),
  },
];
