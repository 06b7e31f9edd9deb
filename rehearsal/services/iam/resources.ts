import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Cloud, CreatedResource, Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { checkPolicy } from '../../kernel/iam/policy';
import { awsManagedPolicies } from './managed-policies';

interface Attachment {
  policyName: string;
  roleNames: string[];
  document: PolicyDocument;
}

/** Managed policies of the stacks of one cloud, by ARN: roles and boundaries refer to them. */
const managedPolicies = new WeakMap<Cloud, Map<string, PolicyDocument>>();

/** What a policy holds that could not be judged. */
export function refusePolicies(documents: readonly unknown[]): string[] {
  return documents.flatMap((document) => {
    try {
      if (document !== undefined) checkPolicy(document as PolicyDocument, 'a policy');
      return [];
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      return [error.message];
    }
  });
}

/** Policies of AWS that are not known here. Those of the account are seen when they are attached. */
const refuseManaged = (arns: readonly unknown[]): string[] =>
  arns
    .map((arn) => /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(String(arn))?.[1])
    .filter((name) => name !== undefined && awsManagedPolicies[name] === undefined)
    .map((name) => `the managed policy ${name} of AWS`);

const refuseAttachment = ({ Users: users, Groups: groups, PolicyDocument: document }: Members): string[] => [
  ...([...((users ?? []) as unknown[]), ...((groups ?? []) as unknown[])].length > 0 ? ['a policy for users or groups'] : []),
  ...refusePolicies([document]),
];

const roleType: ResourceType = {
  type: 'AWS::IAM::Role',
  refuse: (properties) => [
    ...refuseManaged([...((properties['ManagedPolicyArns'] ?? []) as unknown[]), properties['PermissionsBoundary']]),
    ...refusePolicies([
      properties['AssumeRolePolicyDocument'],
      ...((properties['Policies'] ?? []) as Members[]).map((policy) => policy['PolicyDocument'] as unknown),
    ]),
  ],
  create: (properties, context) => {
    const name = (properties['RoleName'] as string | undefined) ?? context.physicalName(64);
    const path = (properties['Path'] as string | undefined) ?? '/';
    const arn = context.cloud.arn('iam', `role${path}${name}`);
    putRole(arn, name, properties, context);
    const roleId = `AROA${context.cloud.random.fork(`role ${name}`).uuid().replaceAll('-', '').toUpperCase().slice(0, 17)}`;
    return { ref: name, attributes: { Arn: arn, RoleId: roleId } };
  },
  update: (properties, previous, created, context) => {
    if (properties['RoleName'] !== previous['RoleName'] || properties['Path'] !== previous['Path'])
      throw unsupported(context, 'a changed RoleName or Path');
    const arn = created.attributes['Arn'] as string;
    for (const { policyName } of policiesOf(previous, context)) context.cloud.iam.removeRolePolicy(arn, policyName);
    putRole(arn, created.ref, properties, context);
    return created;
  },
  remove: (created, _properties, context) => context.cloud.iam.removeRole(created.attributes['Arn'] as string),
};

const policyType: ResourceType = {
  type: 'AWS::IAM::Policy',
  refuse: refuseAttachment,
  create: (properties, context) => {
    attach(readAttachment(properties['PolicyName'] as string, properties, context), context.cloud);
    return { ref: properties['PolicyName'] as string, attributes: { Id: properties['PolicyName'] } };
  },
  update: (properties, previous, created, context) => {
    policyType.remove(created, previous, context);
    return policyType.create(properties, context);
  },
  remove: (_created, properties, context) => detach(readAttachment(properties['PolicyName'] as string, properties, context), context.cloud),
};

const managedPolicyType: ResourceType = {
  type: 'AWS::IAM::ManagedPolicy',
  refuse: refuseAttachment,
  create: (properties, context) => {
    const name = (properties['ManagedPolicyName'] as string | undefined) ?? context.physicalName(128);
    return putManagedPolicy(
      context.cloud.arn('iam', `policy${(properties['Path'] as string | undefined) ?? '/'}${name}`),
      properties,
      context,
    );
  },
  update: (properties, previous, created, context) => {
    detach(readAttachment(created.ref, previous, context), context.cloud);
    return putManagedPolicy(created.ref, properties, context);
  },
  remove: (created, properties, context) => {
    detach(readAttachment(created.ref, properties, context), context.cloud);
    managedOf(context.cloud).delete(created.ref);
  },
};

export const iamResources: ResourceType[] = [roleType, policyType, managedPolicyType];

function putManagedPolicy(arn: string, properties: Members, context: ResourceContext): CreatedResource {
  const attachment = readAttachment(arn, properties, context);
  managedOf(context.cloud).set(arn, attachment.document);
  attach(attachment, context.cloud);
  return { ref: arn, attributes: { PolicyArn: arn } };
}

function putRole(arn: string, name: string, properties: Members, context: ResourceContext): void {
  const boundaryArn = properties['PermissionsBoundary'] as string | undefined;
  const trust = properties['AssumeRolePolicyDocument'] as PolicyDocument;
  const boundary = boundaryArn === undefined ? {} : boundaryOf(boundaryArn, name, context);
  const tags = Object.fromEntries(((properties['Tags'] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
  context.cloud.iam.putRole({ arn, name, trust, tags, ...boundary });
  for (const { policyName, document } of policiesOf(properties, context)) context.cloud.iam.putRolePolicy(arn, policyName, document);
}

/** A boundary is often the organisation's own: what it says cannot be known here, and that it was not enforced is told. */
function boundaryOf(arn: string, role: string, context: ResourceContext): { boundary?: PolicyDocument } {
  const isKnown = managedOf(context.cloud).has(arn) || /^arn:[^:]+:iam::aws:policy\//.test(arn);
  if (isKnown) return { boundary: managedPolicy(arn, context) };
  context.cloud.record('iam', 'boundary-not-enforced', { role, boundary: arn });
  return {};
}

/** The policies that a role itself names: inline ones, and managed ones by ARN. */
function policiesOf(properties: Members, context: ResourceContext): { policyName: string; document: PolicyDocument }[] {
  const inline = (properties['Policies'] ?? []) as { PolicyName: string; PolicyDocument: PolicyDocument }[];
  const arns = (properties['ManagedPolicyArns'] ?? []) as string[];
  return [
    ...inline.map((policy) => ({ policyName: policy.PolicyName, document: policy.PolicyDocument })),
    ...arns.map((arn) => ({ policyName: arn, document: managedPolicy(arn, context) })),
  ];
}

function managedPolicy(arn: string, context: ResourceContext): PolicyDocument {
  const ours = managedOf(context.cloud).get(arn);
  if (ours !== undefined) return ours;
  const name = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  const known = name === undefined ? undefined : awsManagedPolicies[name];
  if (known === undefined) {
    throw unsupported(
      context,
      `the managed policy ${arn} (known: ${Object.keys(awsManagedPolicies).join(', ')}, and those of the stack itself)`,
    );
  }
  return known;
}

function readAttachment(policyName: string, properties: Members, context: ResourceContext): Attachment {
  if (((properties['Users'] ?? []) as string[]).length > 0 || ((properties['Groups'] ?? []) as string[]).length > 0) {
    throw unsupported(context, 'a policy for users or groups');
  }
  return { policyName, roleNames: (properties['Roles'] ?? []) as string[], document: properties['PolicyDocument'] as PolicyDocument };
}

function attach({ policyName, roleNames, document }: Attachment, cloud: Cloud): void {
  for (const roleName of roleNames) cloud.iam.putRolePolicy(roleArn(roleName, cloud), policyName, document);
}

function detach({ policyName, roleNames }: Attachment, cloud: Cloud): void {
  for (const roleName of roleNames) {
    const arn = roleArnOf(roleName, cloud);
    if (arn !== undefined) cloud.iam.removeRolePolicy(arn, policyName);
  }
}

function roleArn(roleName: string, cloud: Cloud): string {
  const arn = roleArnOf(roleName, cloud);
  if (arn === undefined) throw new AwsError('NoSuchEntity', `The role with name ${roleName} cannot be found.`, 404);
  return arn;
}

/** Role paths are rare: the kernel's registry knows the ARN by the name. */
function roleArnOf(roleName: string, cloud: Cloud): string | undefined {
  return (cloud as LaptopCloud).iam.roleArnByName(roleName);
}

function managedOf(cloud: Cloud): Map<string, PolicyDocument> {
  let policies = managedPolicies.get(cloud);
  if (policies === undefined) {
    policies = new Map();
    managedPolicies.set(cloud, policies);
  }
  return policies;
}

function unsupported(context: ResourceContext, what: string): UnsupportedError {
  return new UnsupportedError(`${context.constructPath || context.logicalId}: ${what} is not supported in a rehearsal.`);
}
