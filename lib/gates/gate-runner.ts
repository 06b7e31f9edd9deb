import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import type { GatePolicy } from '../../core/contracts';
import type { Baseline } from '../gateway/baseline';
import type { Ledger } from '../ledger/ledger';
import { acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { checkUseCaseName, resourcePrefixOf } from '../shared/names';
import { sagemakerArn } from '../shared/sagemaker-arn';
import { bindGates, type GateNeeds } from './bind-gate';
import type { Gate } from './gate';
import { withGateCode } from './gate-asset';
import { createGateMachine } from './gate-machine';

/** Gates of a use case. */
export interface GateRunnerProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where results are written. */
  readonly ledger: Ledger;

  /** What a candidate must pass; at least one. */
  readonly gates: Gate[];

  /**
   * What answers without a model, for gates that compare with it.
   *
   * @default - no gate compares with the baseline
   */
  readonly baseline?: Baseline;

  /**
   * Name of a live endpoint that is adopted as the first stable release.
   *
   * @default - the endpoint is made by the first release
   */
  readonly existingEndpoint?: string;

  /**
   * Key that encrypts the handler's environment.
   *
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Runs gates against a candidate that stands in the dark: golden sets batch by batch, load level by level, gates of your own. The release
 * workflow starts an execution for each gate; its result, with the hash of the data set and without any content, is evidence.
 *
 * @example
 * declare const ledger: Ledger;
 * const gates = new GateRunner(this, 'Gates', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   gates: [Gate.outputSchema('form', { data: GateData.file('golden.jsonl'), schemaFile: 'answer.schema.json' })],
 * });
 */
export class GateRunner extends Construct {
  /** The workflow of a single gate. */
  readonly machine: sfn.IStateMachine;

  /** What opens gates, scores lines, drives load and concludes. */
  readonly handler: lambda.IFunction;

  private readonly runs: sfn.StateMachine;

  /** @internal As releases carry them, the smoke test first. */
  readonly _policies: GatePolicy[];

  /**
   * @param scope where the runner belongs
   * @param id unique within the scope
   * @param props gates, and where results go
   * @throws when there is no gate, a gate demands what cannot be measured, or a file is not there or not readable
   */
  constructor(scope: Construct, id: string, props: GateRunnerProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    if (props.gates.length === 0) throw new Error('gates is empty: give at least one gate, or leave the runner out.');
    const { policies, needs } = bindGates(this, props.gates);
    checkNames(policies);
    if (needs.baseline && props.baseline === undefined) {
      throw new Error('A gate compares with the baseline, but baseline is not given: give the baseline of the use case.');
    }
    this._policies = policies;
    const handler = this.createHandler(props, needs);
    this.handler = handler;
    this.runs = createGateMachine(this, useCaseName, resourcePrefixOf(this, useCaseName), handler, needs);
    this.machine = this.runs;
  }

  /** @internal Allows starting the machine from another one and waiting for its end (`startExecution.sync:2`). */
  _allowRun(role: iam.IGrantable & IConstruct): void {
    const stack = Stack.of(this);
    const executions = stack.formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.runs.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const rule = stack.formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
    });
    const allow = (actions: string[], resource: string): void => {
      role.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
    };
    allow(['states:StartExecution'], this.machine.stateMachineArn);
    allow(['states:DescribeExecution', 'states:StopExecution'], executions);
    allow(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], rule);
    acknowledgeResources(role, 'Executions of gates are named by Step Functions.', executions);
  }

  private createHandler(props: GateRunnerProps, needs: GateNeeds): lambda.Function {
    const handler = withGateCode(needs.baseline ? props.baseline : undefined, needs.modules, (codeDirectory) =>
      createHandler(this, 'Handler', {
        handler: 'gate',
        codeDirectory,
        description: 'measures a candidate in the dark',
        useCaseName: props.useCaseName,
        ledgerTableName: props.ledger.table.tableName,
        timeoutSeconds: 900,
        memoryMiB: 1024,
        encryptionKey: props.encryptionKey,
      }),
    );
    props.ledger.grant(handler, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    const allow = (actions: string[], resources: Iterable<string>): void => {
      const all = [...resources];
      if (all.length > 0) handler.addToRolePolicy(new iam.PolicyStatement({ actions, resources: all }));
    };
    allow(['s3:GetObject'], needs.objects);
    allow(['lambda:InvokeFunction'], needs.scorerFunctions);
    this.allowModels(handler, [...needs.models]);
    this.allowEndpoints(handler, props.useCaseName, props.existingEndpoint, needs.load);
    return handler;
  }

  private allowEndpoints(handler: lambda.Function, useCaseName: string, existingEndpoint: string | undefined, load: boolean): void {
    const stack = Stack.of(this);
    const made = sagemakerArn(stack, 'endpoint', `${resourcePrefixOf(this, useCaseName)}-*`);
    const resources = [made, ...(existingEndpoint === undefined ? [] : [sagemakerArn(stack, 'endpoint', existingEndpoint.toLowerCase())])];
    const actions = ['sagemaker:InvokeEndpoint', ...(load ? ['sagemaker:DescribeEndpoint'] : [])];
    handler.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
    acknowledgeResources(
      handler.role ?? handler,
      'Endpoints are made at run time by releases: their names begin with the prefix of this use case, which no other use case shares.',
      made,
    );
  }

  /** An inference profile sends requests to its model in several regions. */
  private allowModels(handler: lambda.Function, models: string[]): void {
    if (models.length === 0) return;
    const stack = Stack.of(this);
    const everywhere: string[] = [];
    const resources = models.flatMap((model) => {
      const [, profiled] = INFERENCE_PROFILE.exec(model) ?? [];
      const foundation = (region: string, name: string): string =>
        stack.formatArn({ service: 'bedrock', region, account: '', resource: 'foundation-model', resourceName: name });
      if (profiled === undefined) return [foundation(stack.region, model)];
      const anyRegion = foundation('*', profiled);
      everywhere.push(anyRegion);
      return [stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: model }), anyRegion];
    });
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['bedrock:InvokeModel'], resources }));
    acknowledgeResources(
      handler.role ?? handler,
      'An inference profile may use its model in any region of its geography; the statement names the one model.',
      ...everywhere,
    );
  }
}

/** `eu.anthropic.claude…`: a geography before the model's own id. */
const INFERENCE_PROFILE = /^(?:us|us-gov|eu|apac|jp|au|ca|sa|me|af|global)\.(.+)$/;

function checkNames(policies: GatePolicy[]): void {
  const names = policies.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two gates are named ${twice}: give each gate a name of its own (smoke is taken by Sluice).`);
}
