import type { Fault, HttpResponse, Random, ResourceType } from '../cloud/types';
import { VirtualClock } from '../kernel/clock';
import { createCloud, type LaptopCloud } from '../kernel/cloud';
import { createRandom } from '../kernel/random';
import { createDoubles, resourceTypes } from '../services';
import type { CloudWatch } from '../services/cloudwatch';
import type { DynamoDb } from '../services/dynamodb';
import type { FunctionFault, Lambda } from '../services/lambda';
import type { SageMaker } from '../services/sagemaker';
import type { StepFunctions } from '../services/sfn';
import type { Execution } from '../services/sfn/execution';
import type { UrlInvoker } from './callers';

export interface LaptopOptions {
  startMillis: number;
  seed: number;
  faults: Fault[];
  /** What the stacks ask for. */
  environment?: { accountId?: string; region?: string };
}

const MODEL_TAG = 'sluice:use-case';

/** The laptop cloud with all its services, as the scenario's world sees it. */
export class Laptop {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly cloud: LaptopCloud;

  constructor(options: LaptopOptions) {
    this.clock = new VirtualClock({ startMillis: options.startMillis });
    this.random = createRandom(options.seed);
    this.cloud = createCloud({
      clock: this.clock,
      random: this.random.fork('cloud'),
      doubles: createDoubles,
      faults: options.faults,
      ...options.environment,
    });
  }

  get cloudWatch(): CloudWatch {
    return this.cloud.double<CloudWatch>('cloudwatch');
  }

  get sageMaker(): SageMaker {
    return this.cloud.double<SageMaker>('sagemaker');
  }

  get dynamoDb(): DynamoDb {
    return this.cloud.double<DynamoDb>('dynamodb');
  }

  readonly invokeUrl: UrlInvoker = (url, request, signer): Promise<HttpResponse> =>
    this.cloud.double<Lambda>('lambda').invokeUrl(url, request, signer);

  /** Every resource type; `onTable` hears of each DynamoDB table before anything is written to it. */
  resourceTypes(onTable: (tableName: string) => void): ResourceType[] {
    return resourceTypes.map((type) =>
      type.type !== 'AWS::DynamoDB::Table'
        ? type
        : {
            ...type,
            create: async (properties, context) => {
              const created = await type.create(properties, context);
              onTable(created.ref);
              return created;
            },
          },
    );
  }

  failFunction(fault: FunctionFault): void {
    this.cloud.double<Lambda>('lambda').failFunction(fault);
  }

  executionsRunning(): number {
    return this.openExecutions().length;
  }

  /** Names of the executions that have not ended. */
  openExecutions(): string[] {
    return this.executions()
      .filter(({ status }) => status === 'RUNNING')
      .map(({ name }) => name);
  }

  /** All executions, in the order in which they began. */
  executions(): readonly Execution[] {
    return this.cloud.double<StepFunctions>('sfn').allExecutions();
  }

  /** Nothing is under way: no event in flight, no batch, no message waiting. Executions may wait for people or evidence for days. */
  idle(): boolean {
    return this.cloud.workUnderWay().every((what) => what.startsWith('execution '));
  }

  /** Endpoints, configs and models of ours that stand now. */
  standingResources(): string[] {
    const { endpoints, endpointConfigs, models, inferenceComponents } = this.sageMaker.liveResources();
    const ours = (kind: string, names: string[]): string[] =>
      names
        .filter((name) => MODEL_TAG in this.sageMaker.tagsOf(this.cloud.arn('sagemaker', `${kind}/${name.toLowerCase()}`)))
        .map((name) => `${kind} ${name}`);
    return [
      ...ours('endpoint', endpoints),
      ...ours('endpoint-config', endpointConfigs),
      ...ours('model', models),
      ...ours('inference-component', inferenceComponents),
    ];
  }

  /** Series of a metric, a point per minute. */
  metric(namespace: string, name: string, dimensions: Record<string, string>): { t: number; max: number }[] {
    return this.cloud.double<CloudWatch>('cloudwatch').metric(namespace, name, dimensions);
  }

  /** The evidence that the verdict published last, over all KPIs. */
  latestEvidence(useCase: string): { log10Evidence?: number; log10Threshold?: number } {
    const last = (name: string): number | undefined => this.metric('Sluice', name, { UseCase: useCase, Kpi: 'combined' }).at(-1)?.max;
    const log10Evidence = last('Log10Evidence');
    const log10Threshold = last('Log10Threshold');
    return { ...(log10Evidence === undefined ? {} : { log10Evidence }), ...(log10Threshold === undefined ? {} : { log10Threshold }) };
  }
}
