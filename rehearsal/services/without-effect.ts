import type { CreatedResource, ResourceContext, ResourceType } from '../cloud/types';

/** Types that say how logs, traces and consoles are kept or shown: nothing that a rehearsal does depends on them. */
const types: Record<string, (created: { name: string; arn: string; uuid: string }) => CreatedResource> = {
  'AWS::Logs::QueryDefinition': ({ uuid }) => ({ ref: uuid, attributes: { QueryDefinitionId: uuid } }),
  'AWS::ResourceGroups::Group': ({ name, arn }) => ({ ref: name, attributes: { Arn: arn } }),
  'AWS::XRay::Group': ({ arn }) => ({ ref: arn, attributes: { GroupARN: arn } }),
  'AWS::XRay::ResourcePolicy': ({ name }) => ({ ref: name, attributes: {} }),
  'AWS::XRay::SamplingRule': ({ arn }) => ({ ref: arn, attributes: { RuleARN: arn } }),
};

function create(type: string, context: ResourceContext): CreatedResource {
  const { cloud, constructPath, logicalId } = context;
  const [, service = '', kind = ''] = type.split('::');
  const name = context.physicalName(63);
  cloud.record('cloudformation', 'without-effect', { type, construct: constructPath || logicalId });
  return types[type]!({
    name,
    arn: cloud.arn(service.toLowerCase(), `${kind.toLowerCase()}/${name}`),
    uuid: cloud.random.fork(`${type} ${name}`).uuid(),
  });
}

export const resourcesWithoutEffect: ResourceType[] = Object.keys(types).map((type) => ({
  type,
  create: (_properties, context) => create(type, context),
  update: (_properties, _previous, created) => created,
  remove: () => undefined,
}));
