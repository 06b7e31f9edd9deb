import { Duration, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  type ComponentProps,
  type DataCapture,
  Deployment,
  EndpointInstance,
  type EndpointVariantProps,
  type ModelEndpointProps,
  ModelSource,
  Routing,
  Serving,
} from '../../../lib';
import { existingGroup, existingVpc } from '../../support/endpoints/accepted-variants';
import { image, model, variant } from '../../support/endpoints/parts';

type Build = (stack: Stack) => ModelEndpointProps;

/** One deploy after another that differs in a single property. */
export interface Change {
  before: Build;
  after: Build;
}

const GATED = ModelSource.container({ image: image('one'), artefact: 's3://models-123456789012/gated/' });

export const MAIN = variant('one', { initialCount: 2, weight: 1, volumeGib: 50 });
const OTHER = variant('one', { name: 'other', initialCount: 2, weight: 2 });

const two = (main: EndpointVariantProps, endpoint: Omit<ModelEndpointProps, 'serving'> = {}): ModelEndpointProps => ({
  serving: Serving.realTime({ variants: [main, OTHER] }),
  ...endpoint,
});

const plain: Build = () => two(MAIN);
const ofVariant = (change: (stack: Stack) => Partial<EndpointVariantProps>): Change => ({
  before: plain,
  after: (stack) => two({ ...MAIN, ...change(stack) }),
});
const of = (rest: (stack: Stack) => Omit<ModelEndpointProps, 'serving'>, before: Build = plain): Change => ({
  before,
  after: (stack) => two(MAIN, rest(stack)),
});
const key = (stack: Stack, id = 'Key'): kms.IKey => new kms.Key(stack, id, { enableKeyRotation: true });

/** Every property of a variant but its name: a variant of another name is another variant. */
export const VARIANT_CHANGES: Record<Exclude<keyof EndpointVariantProps, 'name'>, Change> = {
  model: ofVariant(() => ({ model: model('two') })),
  environment: ofVariant(() => ({ environment: { LOG_LEVEL: 'DEBUG' } })),
  secrets: ofVariant((stack) => ({ secrets: { TOKEN: secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'models/token') } })),
  acceptEula: {
    before: () => two({ ...MAIN, model: GATED }),
    after: () => two({ ...MAIN, model: GATED, acceptEula: true }),
  },
  instance: ofVariant(() => ({ instance: EndpointInstance.M5_XLARGE })),
  instancePools: ofVariant(() => ({
    instance: undefined,
    instancePools: [{ instance: EndpointInstance.M5_XLARGE }, { instance: EndpointInstance.M5_LARGE }],
  })),
  initialCount: ofVariant(() => ({ initialCount: 9 })),
  weight: ofVariant(() => ({ weight: 0 })),
  volumeGib: ofVariant(() => ({ volumeGib: 100 })),
  downloadTimeout: ofVariant(() => ({ downloadTimeout: Duration.minutes(30) })),
  startupTimeout: ofVariant(() => ({ startupTimeout: Duration.minutes(30) })),
  provisionTimeout: ofVariant(() => ({ provisionTimeout: Duration.minutes(30) })),
  routing: ofVariant(() => ({ routing: Routing.leastOutstanding() })),
  inferenceAmiVersion: ofVariant(() => ({ inferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2' })),
};

const inNetwork: Build = (stack) => two(MAIN, { vpc: existingVpc(stack), securityGroups: [existingGroup(stack)] });

/** Every property of an endpoint but its name: an endpoint of another name is another endpoint. */
export const ENDPOINT_CHANGES: Record<Exclude<keyof ModelEndpointProps, 'endpointName'>, Change> = {
  serving: { before: plain, after: () => ({ serving: Serving.realTime({ variants: [MAIN, OTHER, { ...MAIN, name: 'third' }] }) }) },
  deployment: of(() => ({ deployment: Deployment.blueGreenCanary({ percent: 50, wait: Duration.minutes(1) }) })),
  capture: of(() => ({ capture: {} })),
  vpc: of((stack) => ({ vpc: existingVpc(stack), securityGroups: [existingGroup(stack)] })),
  vpcSubnets: of(
    (stack) => ({
      vpc: existingVpc(stack),
      securityGroups: [existingGroup(stack)],
      vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef9')] },
    }),
    inNetwork,
  ),
  securityGroups: of(
    (stack) => ({
      vpc: existingVpc(stack),
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Another', 'sg-0123456789abcdef9')],
    }),
    inNetwork,
  ),
  encryptionKey: of((stack) => ({ encryptionKey: key(stack) })),
  networkIsolation: of(() => ({ networkIsolation: true })),
  role: of((stack) => ({ role: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }) })),
};

const captured = (capture: DataCapture): ModelEndpointProps => two(MAIN, { capture });
const ofCapture = (change: (stack: Stack) => DataCapture): Change => ({
  before: () => captured({ samplingPercent: 50 }),
  after: (stack) => captured({ samplingPercent: 50, ...change(stack) }),
});

/** Every property of data capture. */
export const CAPTURE_CHANGES: Record<keyof DataCapture, Change> = {
  samplingPercent: ofCapture(() => ({ samplingPercent: 5 })),
  requests: ofCapture(() => ({ requests: false })),
  answers: ofCapture(() => ({ answers: false })),
  jsonContentTypes: ofCapture(() => ({ jsonContentTypes: ['application/x-ndjson'] })),
  csvContentTypes: ofCapture(() => ({ csvContentTypes: [] })),
  bucket: ofCapture((stack) => ({ bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'captures-123456789012') })),
  folder: ofCapture(() => ({ folder: 'elsewhere' })),
  retentionDays: ofCapture(() => ({ retentionDays: 3 })),
  encryptionKey: ofCapture((stack) => ({ encryptionKey: key(stack, 'CaptureKey') })),
};

const COMPONENT: ComponentProps = { name: 'chat', model: model('one'), memoryMib: 1024 };
const sharing = (component: ComponentProps): ModelEndpointProps => ({
  serving: Serving.inferenceComponents({ instances: { instance: EndpointInstance.G5_XLARGE, maxCount: 8 }, components: [component] }),
});
const ofComponent = (change: (stack: Stack) => Partial<ComponentProps>): Change => ({
  before: () => sharing(COMPONENT),
  after: (stack) => sharing({ ...COMPONENT, ...change(stack) }),
});

/** Every property of a component but its name, and the number of copies that each update sets back on purpose. */
export const COMPONENT_CHANGES: Record<Exclude<keyof ComponentProps, 'name' | 'copies'>, Change> = {
  model: ofComponent(() => ({ model: model('two') })),
  environment: ofComponent(() => ({ environment: { LOG_LEVEL: 'DEBUG' } })),
  secrets: ofComponent((stack) => ({ secrets: { TOKEN: secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'models/token') } })),
  acceptEula: {
    before: () => sharing({ ...COMPONENT, model: GATED }),
    after: () => sharing({ ...COMPONENT, model: GATED, acceptEula: true }),
  },
  memoryMib: ofComponent(() => ({ memoryMib: 2048 })),
  maxMemoryMib: ofComponent(() => ({ maxMemoryMib: 4096 })),
  cpus: ofComponent(() => ({ cpus: 1 })),
  accelerators: ofComponent(() => ({ accelerators: 1 })),
  downloadTimeout: ofComponent(() => ({ downloadTimeout: Duration.minutes(30) })),
  startupTimeout: ofComponent(() => ({ startupTimeout: Duration.minutes(30) })),
};
