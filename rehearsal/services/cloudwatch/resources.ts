import { AwsError, type CreatedResource, type Members, type ResourceContext, type ResourceType } from '../../cloud/types';
import type { Alarm } from './alarm';
import type { CloudWatch } from './cloudwatch';

const MAX_ALARM_NAME = 255;

const serviceOf = (context: ResourceContext): CloudWatch => context.cloud.double<CloudWatch>('cloudwatch');

function alarmType(type: string, put: (service: CloudWatch, input: Members) => Alarm): ResourceType {
  const putNamed = (properties: Members, name: string, context: ResourceContext): CreatedResource => {
    const alarm = put(serviceOf(context), { ...properties, AlarmName: name });
    return { ref: alarm.name, attributes: { Arn: alarm.arn } };
  };
  return {
    type,
    create: (properties, context) => putNamed(properties, String(properties.AlarmName ?? context.physicalName(MAX_ALARM_NAME)), context),
    update(properties, previous, created, context) {
      const renamed = properties.AlarmName !== undefined && properties.AlarmName !== created.ref;
      if (!renamed && (properties.AlarmName !== undefined || previous.AlarmName === undefined))
        return putNamed(properties, created.ref, context);
      const replacement = putNamed(properties, String(properties.AlarmName ?? context.physicalName(MAX_ALARM_NAME)), context);
      serviceOf(context).removeAlarm(created.ref);
      return replacement;
    },
    remove: (created, _properties, context) => serviceOf(context).removeAlarm(created.ref),
  };
}

function bodyOf(properties: Members, context: ResourceContext): unknown {
  let body: unknown;
  try {
    body = JSON.parse(String(properties.DashboardBody));
  } catch (error) {
    throw new AwsError('InvalidParameterInput', `${context.logicalId}: DashboardBody is not valid JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray((body as { widgets?: unknown } | null)?.widgets))
    throw new AwsError('InvalidParameterInput', `${context.logicalId}: DashboardBody needs a list of widgets.`);
  return body;
}

const dashboard: ResourceType = {
  type: 'AWS::CloudWatch::Dashboard',
  create(properties, context) {
    const name = String(properties.DashboardName ?? context.physicalName(MAX_ALARM_NAME));
    serviceOf(context).dashboards().set(name, bodyOf(properties, context));
    return { ref: name, attributes: {} };
  },
  update(properties, _previous, created, context) {
    const name = String(properties.DashboardName ?? created.ref);
    const body = bodyOf(properties, context);
    if (name !== created.ref) serviceOf(context).dashboards().delete(created.ref);
    serviceOf(context).dashboards().set(name, body);
    return { ref: name, attributes: {} };
  },
  remove(created, _properties, context) {
    serviceOf(context).dashboards().delete(created.ref);
  },
};

function putMuteRule(properties: Members, name: string, context: ResourceContext): CreatedResource {
  const service = serviceOf(context);
  const rule = service.putMuteRule({ ...properties, Name: name });
  const attributes = {
    Arn: rule.arn,
    Status: service.muteRules.statusOf(rule),
    MuteType: rule.schedule.muteType,
    LastUpdatedTimestamp: new Date(rule.updatedAtMillis).toISOString(),
  };
  return { ref: rule.arn, attributes };
}

/** Ref is the ARN, which ends with the name. */
const muteRuleName = ({ ref }: CreatedResource): string => ref.slice(ref.indexOf(':alarm-mute-rule:') + ':alarm-mute-rule:'.length);

const muteRule: ResourceType = {
  type: 'AWS::CloudWatch::AlarmMuteRule',
  create: (properties, context) => putMuteRule(properties, String(properties.Name ?? context.physicalName(MAX_ALARM_NAME)), context),
  update(properties, _previous, created, context) {
    const name = String(properties.Name ?? muteRuleName(created));
    const updated = putMuteRule(properties, name, context);
    if (name !== muteRuleName(created)) serviceOf(context).muteRules.remove(muteRuleName(created));
    return updated;
  },
  remove(created, _properties, context) {
    serviceOf(context).muteRules.remove(muteRuleName(created));
  },
};

export const cloudWatchResources: ResourceType[] = [
  alarmType('AWS::CloudWatch::Alarm', (service, input) => service.putMetricAlarm(input)),
  alarmType('AWS::CloudWatch::CompositeAlarm', (service, input) => service.putCompositeAlarm(input)),
  dashboard,
  muteRule,
];
