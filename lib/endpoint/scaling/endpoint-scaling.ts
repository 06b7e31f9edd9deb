import { CustomResource, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { scalingPlan, type ScalingWish } from '../../../core/scaling';
import { sagemakerArn } from '../../shared/sagemaker-arn';
import { EndpointMode, type IModelEndpoint } from '../model-endpoint-ref';
import { scheduledBounds } from './capacity-schedule';
import type { ComponentScalingProps, ScaledCapacityProps, VariantScalingProps } from './scaled-capacity';
import { scalingHandler } from './scaling-handler';
import { allowScaling } from './scaling-permissions';

/** What is scaled. */
export interface EndpointScalingProps {
  /** The endpoint, of any mode but serverless. At most one scaling for each endpoint. */
  readonly endpoint: IModelEndpoint;
}

/** As the handler reads it. */
interface Part {
  wish: ScalingWish;
  instanceTypes: string[];
}

const HOLD_TIMEOUT = Duration.minutes(16);
/** EventBridge hands 8 192 characters to a target; the names around the parts need some. */
const MOST_CHARACTERS = 7500;
const SCALED = new WeakSet<IModelEndpoint>();

/**
 * Scales the variants, or the inference components, of an endpoint. Before CloudFormation changes the endpoint, a variant whose instance type
 * changes is deregistered, and the others stand still; afterwards, also when the deploy was rolled back, scaling is registered again.
 *
 * @example
 * declare const endpoint: IModelEndpoint;
 * const scaling = new EndpointScaling(this, 'Scaling', { endpoint });
 * scaling.scaleVariant({
 *   minCapacity: 1,
 *   maxCapacity: 6,
 *   target: ScalingTarget.invocationsPerMinute(600),
 *   schedules: [{ from: '08:00', to: '18:00', timeZone: 'Europe/Dublin', minCapacity: 2, maxCapacity: 6, warmUp: Duration.minutes(20) }],
 * });
 */
export class EndpointScaling extends Construct {
  private readonly endpoint: IModelEndpoint;
  private readonly handler: lambda.Function;
  private readonly parts: Part[] = [];

  /**
   * @param scope where the scaling belongs
   * @param id unique within the scope
   * @param props what is scaled
   * @throws when the endpoint is serverless, or has an EndpointScaling already
   */
  constructor(scope: Construct, id: string, props: EndpointScalingProps) {
    super(scope, id);
    this.endpoint = props.endpoint;
    if (this.endpoint.mode === EndpointMode.SERVERLESS) {
      throw new Error(
        `${this.endpoint.node.path} is serverless: it has no instances to scale, SageMaker scales it by itself. Leave EndpointScaling out.`,
      );
    }
    if (SCALED.has(this.endpoint)) {
      throw new Error(`${this.endpoint.node.path} has an EndpointScaling already: scale its other variants or components with that one.`);
    }
    SCALED.add(this.endpoint);
    this.handler = scalingHandler(this);
    this.createResources();
    this.node.addValidation({ validate: () => this.problems() });
  }

  /**
   * Scales the instances of a production variant.
   *
   * @param props which variant, how many instances, what they follow
   * @throws when the endpoint has no such variant, or capacity, target or schedules are not what Application Auto Scaling takes
   */
  scaleVariant(props: VariantScalingProps): void {
    const { variants, mode, endpointName } = this.endpoint;
    if (mode === EndpointMode.INFERENCE_COMPONENTS) {
      throw new Error(
        `${this.endpoint.node.path} serves inference components: scale their copies with scaleComponent(), SageMaker scales the instances.`,
      );
    }
    const variant = pick('variant', variants, ({ variantName }) => variantName, props.variantName);
    const instanceTypes = (variant.instances ?? []).map(({ typeName }) => typeName);
    this.add(props, { kind: 'variant', endpointName, variantName: variant.variantName }, instanceTypes);
  }

  /**
   * Scales the copies of an inference component, down to none where `minCapacity` is 0. While it wakes, requests fail for minutes.
   *
   * @param props which component, how many copies, what they follow
   * @throws when the endpoint has no such component, or capacity, target or schedules are not what Application Auto Scaling takes
   */
  scaleComponent(props: ComponentScalingProps): void {
    const component = pick('component', this.endpoint.components, ({ componentName }) => componentName, props.componentName);
    this.add(props, { kind: 'component', componentName: component.componentName }, []);
  }

  private add(props: ScaledCapacityProps, resource: ScalingWish['resource'], instanceTypes: string[]): void {
    const wish: ScalingWish = {
      resource,
      mode: this.endpoint.mode,
      bounds: { min: props.minCapacity, max: props.maxCapacity },
      schedules: (props.schedules ?? []).map(scheduledBounds),
      ...(props.target === undefined ? {} : { tracking: props.target._tracking() }),
    };
    if (isKnown(wish)) scalingPlan(wish, 0);
    const name = JSON.stringify(resource);
    if (this.parts.some((part) => JSON.stringify(part.wish.resource) === name)) throw new Error(`${name} is scaled already: say it once.`);
    this.parts.push({ wish, instanceTypes });
    this.allow(resource);
  }

  private allow(resource: ScalingWish['resource']): void {
    const { role } = this.handler;
    if (role === undefined) throw new Error('The handler of endpoint scaling has no role');
    const { endpointName } = this.endpoint;
    allowScaling(role, {
      endpointArns: [sagemakerArn(Stack.of(this), 'endpoint', lowerCase(endpointName))],
      endpointNames: resource.kind === 'variant' ? [endpointName] : [],
      componentNames: resource.kind === 'component' ? [resource.componentName] : [],
    });
  }

  /** In the order in which a deploy passes them: rules, hold, endpoint, registration. */
  private createResources(): void {
    const rules = this.createRules();
    // Not AWS::ApplicationAutoScaling::ScalableTarget: CloudFormation could not take it away before the endpoint changes and put it back after.
    const hold = new CustomResource(this, 'Hold', {
      resourceType: 'Custom::SluiceScalingHold',
      serviceToken: this.handler.functionArn,
      serviceTimeout: HOLD_TIMEOUT,
      properties: this.properties(({ wish, instanceTypes }) => ({ wish: heldOf(wish), instanceTypes })),
    });
    hold.node.addDependency(...rules);
    this.endpoint.updateAfter(hold);
    const registration = new CustomResource(this, 'Registration', {
      resourceType: 'Custom::SluiceScaling',
      serviceToken: this.handler.functionArn,
      properties: this.properties((part) => part),
    });
    registration.node.addDependency(hold, this.endpoint.inService);
  }

  /** Whoever rolls back, SageMaker or CloudFormation, does not register again. The rules know the new config before the endpoint has it. */
  private createRules(): events.Rule[] {
    const { endpointName } = this.endpoint;
    const properties = { ...this.names(), Parts: Lazy.any({ produce: () => this.parts }) };
    const event = events.RuleTargetInput.fromObject({ kind: 'changed', properties });
    const target = new targets.LambdaFunction(this.handler, { event, retryAttempts: 3 });
    const inService = new events.Rule(this, 'InService', {
      description: 'an endpoint is in service again: its scaling is registered',
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change'],
        detail: { EndpointName: [endpointName], EndpointStatus: ['IN_SERVICE'] },
      },
      targets: [target],
    });
    const rolledBack = new events.Rule(this, 'RolledBack', {
      description: 'a deploy was rolled back, maybe before the endpoint changed: its scaling is registered',
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [Stack.of(this).stackId], 'status-details': { status: ['UPDATE_ROLLBACK_COMPLETE'] } },
      },
      targets: [target],
    });
    return [inService, rolledBack];
  }

  /** CloudFormation would make strings of the numbers, so the parts are JSON. */
  private properties(of: (part: Part) => Part): Record<string, unknown> {
    return { ...this.names(), Parts: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.parts.map(of)) }) };
  }

  private names(): Record<string, string> {
    const { endpointName, endpointConfigName } = this.endpoint;
    return { EndpointName: endpointName, ...(endpointConfigName === undefined ? {} : { EndpointConfigName: endpointConfigName }) };
  }

  private problems(): string[] {
    if (this.parts.length === 0) return ['EndpointScaling scales nothing: call scaleVariant() or scaleComponent(), or leave it out.'];
    const characters = JSON.stringify(this.parts).length;
    if (characters <= MOST_CHARACTERS) return [];
    return [
      `What is scaled takes ${characters} characters, EventBridge takes about ${MOST_CHARACTERS}: use fewer schedules, or fewer variants.`,
    ];
  }
}

/** The hold changes with what would collide, not with capacity, targets and schedules. */
const heldOf = ({ resource, mode }: ScalingWish): ScalingWish => ({ resource, mode, bounds: { min: 1, max: 1 }, schedules: [] });

const lowerCase = (name: string): string => (Token.isUnresolved(name) ? name : name.toLowerCase());

/** Numbers that only the deploy knows are judged by the handler. */
const isKnown = ({ bounds, schedules, tracking }: ScalingWish): boolean =>
  [bounds.min, bounds.max, tracking?.targetValue ?? 1, ...schedules.flatMap((one) => [one.bounds.min, one.bounds.max])].every(
    (value) => !Token.isUnresolved(value),
  );

function pick<T>(what: string, all: T[], nameOf: (one: T) => string, wanted: string | undefined): T {
  const names = all.map(nameOf);
  const found = wanted === undefined && all.length === 1 ? all[0] : all.find((one) => nameOf(one) === wanted);
  if (found !== undefined) return found;
  throw new Error(
    wanted === undefined
      ? `The endpoint has ${all.length} ${what}s (${names.join(', ') || 'none'}): say which one, with ${what}Name.`
      : `The endpoint has no ${what} '${wanted}': it has ${names.join(', ') || 'none'}.`,
  );
}
