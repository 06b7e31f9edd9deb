import { UnsupportedError, type CreatedResource, type Members, type ResourceContext, type ResourceType } from '../../cloud/types';
import type { ApplicationAutoScaling } from './double';
import type { Registry } from './registry';

const serviceOf = ({ cloud }: ResourceContext): ApplicationAutoScaling => cloud.double<ApplicationAutoScaling>('application-auto-scaling');

const KNOWN_OF_TARGET = [
  'MaxCapacity',
  'MinCapacity',
  'ResourceId',
  'RoleARN',
  'ScalableDimension',
  'ScheduledActions',
  'ServiceNamespace',
  'SuspendedState',
];
const KNOWN_OF_POLICY = [
  'PolicyName',
  'PolicyType',
  'ResourceId',
  'ScalableDimension',
  'ServiceNamespace',
  'ScalingTargetId',
  'StepScalingPolicyConfiguration',
  'TargetTrackingScalingPolicyConfiguration',
];

function refuseUnknown(type: string, properties: Members, known: string[], { constructPath }: ResourceContext): void {
  for (const property of Object.keys(properties))
    if (!known.includes(property))
      throw new UnsupportedError(
        `${constructPath}: property ${property} of ${type} is not supported by the laptop cloud. Use ${known.join(', ')}.`,
      );
}

/** The template says all of it: scheduled actions that it no longer names go. */
function putTarget(properties: Members, registry: Registry): void {
  const target = registry.register(properties);
  const scope = { ResourceId: target.resourceId, ScalableDimension: target.dimension, ServiceNamespace: 'sagemaker' };
  const actions = (properties.ScheduledActions ?? []) as Members[];
  const wanted = new Set(actions.map(({ ScheduledActionName }) => String(ScheduledActionName)));
  for (const name of registry.scheduled.namesOf(target))
    if (!wanted.has(name)) registry.scheduled.remove({ ...scope, ScheduledActionName: name });
  for (const action of actions) registry.putScheduledAction({ ...action, ...scope });
}

const target: ResourceType = {
  type: 'AWS::ApplicationAutoScaling::ScalableTarget',
  create(properties, context): CreatedResource {
    refuseUnknown(this.type, properties, KNOWN_OF_TARGET, context);
    putTarget(properties, serviceOf(context).registry);
    const id = [properties.ResourceId, properties.ScalableDimension, properties.ServiceNamespace].join('|');
    return { ref: id, attributes: { Id: id } };
  },
  update(properties, previous, created, context): CreatedResource {
    refuseUnknown(this.type, properties, KNOWN_OF_TARGET, context);
    for (const replacing of ['ResourceId', 'ScalableDimension'])
      if (properties[replacing] !== previous[replacing])
        throw new UnsupportedError(
          `${context.constructPath}: replacing a scalable target by changing its ${replacing} is not supported by the laptop cloud.`,
        );
    putTarget(properties, serviceOf(context).registry);
    return created;
  },
  remove(_created, properties, context): void {
    const service = serviceOf(context);
    // DeleteEndpoint has deregistered it where the endpoint went first.
    if (service.isRegistered(String(properties.ResourceId), String(properties.ScalableDimension))) service.registry.deregister(properties);
  },
  refuse: ({ ServiceNamespace }) => (ServiceNamespace === 'sagemaker' ? [] : [`scaling of the service ${String(ServiceNamespace)}`]),
};

/** A policy names its target by ScalingTargetId, or by the three members that make it up. */
function requestOf(properties: Members): Members {
  const [resourceId, dimension, namespace] = String(properties.ScalingTargetId ?? '').split('|');
  return {
    ...properties,
    ResourceId: properties.ResourceId ?? resourceId,
    ScalableDimension: properties.ScalableDimension ?? dimension,
    ServiceNamespace: properties.ServiceNamespace ?? namespace,
  };
}

const policy: ResourceType = {
  type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
  create(properties, context): CreatedResource {
    refuseUnknown(this.type, properties, KNOWN_OF_POLICY, context);
    const { arn } = serviceOf(context).registry.putPolicy(requestOf(properties));
    return { ref: arn, attributes: { Arn: arn } };
  },
  update(properties, _previous, created, context): CreatedResource {
    refuseUnknown(this.type, properties, KNOWN_OF_POLICY, context);
    serviceOf(context).registry.putPolicy(requestOf(properties));
    return created;
  },
  remove(_created, properties, context): void {
    const request = requestOf(properties);
    const service = serviceOf(context);
    if (service.isRegistered(String(request.ResourceId), String(request.ScalableDimension))) service.registry.removePolicy(request);
  },
};

export const applicationAutoScalingResources: ResourceType[] = [target, policy];
