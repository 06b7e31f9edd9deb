import { AwsError } from '../../cloud/types';
import type { Caller, IamRegistry, IamReport, Permission, PolicyDocument } from '../../cloud/types';
import { accessDenied } from './denial';
import { checkPolicy, evaluate, evaluateResource } from './policy';
import type { Request } from './policy';
import type { Principal } from './principals';
import { RequestContext, roleKeys, serviceKeys } from './request-context';
import { grantKey, mayAct, Role, traitsOf } from './role';
import type { RoleDescription } from './role';

/** Roles and their policies; decides about each request and remembers what was refused and what was never needed. */
export class PolicyEngine implements IamRegistry {
  private readonly roles = new Map<string, Role>();
  private readonly goneRoles = new Map<string, Role>();
  private readonly denied: IamReport['denied'] = [];
  /** By the resource's policy, which is replaced and never changed: requests of services that it allowed. */
  private readonly allowedServices = new WeakMap<PolicyDocument, Set<string>>();
  /** Whether any request here can need the action, as written in a policy. */
  mayBeAsked: (action: string) => boolean = () => true;
  /** Names of a key. */
  aliasesOf: (keyArn: string) => string[] = () => [];
  private readonly resourceTags = new Map<string, Record<string, string>>();

  constructor(
    private readonly accountId: string,
    private readonly region: string,
    private readonly nowMillis: () => number,
  ) {}

  putRole(description: RoleDescription): void {
    checkPolicy(description.trust, `Trust policy of ${description.name}`);
    if (description.boundary !== undefined) checkPolicy(description.boundary, `Permissions boundary of ${description.name}`);
    const standing = this.roles.get(description.arn) ?? this.goneRoles.get(description.arn);
    this.goneRoles.delete(description.arn);
    if (standing === undefined) {
      this.roles.set(description.arn, new Role(description));
      return;
    }
    standing.description = description;
    standing.changed();
    this.roles.set(description.arn, standing);
  }

  removeRole(roleArn: string): void {
    const role = this.roles.get(roleArn);
    if (role === undefined) return;
    for (const name of [...role.policies.keys()]) role.removePolicy(name);
    this.roles.delete(roleArn);
    this.goneRoles.set(roleArn, role);
  }

  hasRole(roleArn: string): boolean {
    return this.roles.has(roleArn);
  }

  putRolePolicy(roleArn: string, policyName: string, document: PolicyDocument): void {
    const role = this.roles.get(roleArn);
    if (role === undefined) throw new AwsError('NoSuchEntity', `The role ${roleArn} cannot be found.`, 404);
    checkPolicy(document, `Policy ${policyName} of ${role.description.name}`);
    role.putPolicy(policyName, document);
  }

  removeRolePolicy(roleArn: string, policyName: string): void {
    this.roles.get(roleArn)?.removePolicy(policyName);
  }

  /** Tags that `aws:ResourceTag` conditions see. */
  tagResource(arn: string, tags: Readonly<Record<string, string>>): void {
    this.resourceTags.set(arn, Object.fromEntries(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value])));
    for (const role of this.roles.values()) role.changed();
  }

  /** Whether a service may act as the role: its trust policy decides. */
  authoriseAssume(roleArn: string, servicePrincipal: string, sourceArn: string): void {
    const action = 'sts:AssumeRole';
    const context = this.contextOf(roleArn, serviceKeys(servicePrincipal, sourceArn, this.accountId));
    const trust = this.roles.get(roleArn)?.description.trust;
    const decision = evaluateResource(trust, { action, resource: roleArn, context }, { kind: 'service', host: servicePrincipal });
    if (decision !== 'deny' && decision !== 'none') return;
    const why =
      decision === 'deny' ? 'with an explicit deny in the role trust policy' : `because no role trust policy allows the ${action} action`;
    this.refuse(servicePrincipal, servicePrincipal, { action, resource: roleArn }, why, 'sts');
  }

  roleArnByName(name: string): string | undefined {
    return [...this.roles.values()].find(({ description }) => description.name === name)?.description.arn;
  }

  /** `service`: whose error code the refusal carries, where it is not the action's own (iam:PassRole). */
  authorise(caller: Caller, permission: Permission, resourcePolicy: PolicyDocument | undefined, service?: string): void {
    if (caller.kind === 'world') return;
    if (caller.kind === 'service') return this.authoriseService(caller, permission, resourcePolicy, service);
    const role = this.roles.get(caller.roleArn);
    if (role === undefined) {
      const name = caller.roleArn.slice(caller.roleArn.lastIndexOf('/') + 1);
      return this.refuse(name, this.sessionArn(caller.roleArn, name), permission, 'because no such role exists', service);
    }
    const key = isCertain(role, permission, resourcePolicy) ? grantKey(permission.action, permission.resource) : undefined;
    if (key !== undefined && role.allowed.has(key) && role.allowed.get(key) === resourcePolicy) return;
    this.authoriseRole(role, permission, resourcePolicy, service);
    if (key !== undefined) role.allowed.set(key, resourcePolicy);
  }

  /** Asks without a refusal being remembered: for what a service merely tries. */
  allows(caller: Caller, permission: Permission): boolean {
    const before = this.denied.length;
    try {
      this.authorise(caller, permission, undefined);
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.denied.length = before;
      return false;
    }
  }

  report(): IamReport {
    const unused: IamReport['unused'] = [];
    const notJudged: IamReport['notJudged'] = [];
    for (const role of [...this.roles.values(), ...this.goneRoles.values()]) {
      const acts = role.hasActed || mayAct(role.description);
      for (const grant of role.unused(this.goneRoles.has(role.description.arn))) {
        (acts && this.mayBeAsked(grant.action) ? unused : notJudged).push(grant);
      }
    }
    return { denied: [...this.denied], unused, notJudged };
  }

  private authoriseService(
    caller: Extract<Caller, { kind: 'service' }>,
    permission: Permission,
    resourcePolicy: PolicyDocument | undefined,
    service: string | undefined,
  ): void {
    const certain = resourcePolicy !== undefined && permission.context === undefined && !traitsOf(resourcePolicy).timed;
    const key = certain ? `${caller.principal} ${caller.sourceArn} ${grantKey(permission.action, permission.resource)}` : undefined;
    if (resourcePolicy !== undefined && key !== undefined && this.allowedServices.get(resourcePolicy)?.has(key)) return;
    const context = this.contextOf(
      permission.resource,
      serviceKeys(caller.principal, caller.sourceArn, this.accountId),
      permission.context,
    );
    const decision = evaluateResource(resourcePolicy, { ...permission, context }, { kind: 'service', host: caller.principal });
    if (decision === 'deny' || decision === 'none') {
      const why =
        decision === 'deny' ? 'with an explicit deny in a resource-based policy' : noneAllows('resource-based policy', permission);
      this.refuse(caller.principal, caller.principal, permission, why, service);
    }
    if (resourcePolicy !== undefined && key !== undefined) this.rememberService(resourcePolicy, key);
  }

  private rememberService(resourcePolicy: PolicyDocument, key: string): void {
    const known = this.allowedServices.get(resourcePolicy);
    if (known === undefined) this.allowedServices.set(resourcePolicy, new Set([key]));
    else known.add(key);
  }

  private authoriseRole(role: Role, permission: Permission, resourcePolicy: PolicyDocument | undefined, service: string | undefined): void {
    const { arn, name, tags = {} } = role.description;
    const context = this.contextOf(permission.resource, roleKeys(arn, this.accountId, tags), permission.context);
    const why = this.refusal(role, { ...permission, context }, resourcePolicy);
    if (why !== undefined) this.refuse(name, this.sessionArn(arn, name), permission, why, service);
  }

  /** Why the request is refused, as IAM words it: a deny anywhere, else the first policy that had to allow and does not. */
  private refusal(role: Role, request: Request, resourcePolicy: PolicyDocument | undefined): string | undefined {
    const { arn, name, boundary } = role.description;
    const session = this.sessionArn(arn, name);
    const principal: Principal = { kind: 'role', arn, session, accountId: this.accountId, partition: partitionOf(arn) };
    const identity = role.evaluate(request);
    const resource = evaluateResource(resourcePolicy, request, principal);
    const bounded = boundary === undefined ? 'allow' : evaluate(boundary, request);
    if (identity === 'deny') return 'with an explicit deny in an identity-based policy';
    if (resource === 'deny') return 'with an explicit deny in a resource-based policy';
    if (bounded === 'deny') return 'with an explicit deny in a permissions boundary';
    const named = resource === 'session' || resource === 'role';
    if (identity !== 'allow' && !named) return noneAllows('identity-based policy', request);
    // A key's policy has the first word: without it, no identity policy helps.
    const keyPolicyDecides = request.action.startsWith('kms:') && resourcePolicy !== undefined;
    if (keyPolicyDecides && resource === 'none') return noneAllows('resource-based policy', request);
    // What a resource grants to the session itself is not limited by what the boundary leaves out.
    if (bounded === 'none' && resource !== 'session') return noneAllows('permissions boundary', request);
    return undefined;
  }

  private refuse(roleName: string, user: string, permission: Permission, why: string, service: string | undefined): never {
    this.denied.push({ role: roleName, action: permission.action, resource: permission.resource, atMillis: this.nowMillis() });
    throw accessDenied(service, user, permission, why);
  }

  private sessionArn(roleArn: string, name: string): string {
    return `arn:${partitionOf(roleArn)}:sts::${this.accountId}:assumed-role/${name}/${name}`;
  }

  private contextOf(resource: string, ...keys: (Record<string, string | string[]> | undefined)[]): RequestContext {
    const { accountId, region, nowMillis, resourceTags, aliasesOf } = this;
    return new RequestContext({ accountId, region, nowMillis, resourceTags, aliasesOf }, resource, ...keys);
  }
}

/** Whether the answer is the same for every request of this action on this resource. */
function isCertain(role: Role, permission: Permission, resourcePolicy: PolicyDocument | undefined): boolean {
  if (permission.context === undefined) return !role.traits.timed && (resourcePolicy === undefined || !traitsOf(resourcePolicy).timed);
  return !role.traits.conditional && (resourcePolicy === undefined || !traitsOf(resourcePolicy).conditional);
}

const noneAllows = (kind: string, { action }: { action: string }): string => `because no ${kind} allows the ${action} action`;

const partitionOf = (arn: string): string => arn.split(':')[1] ?? 'aws';
