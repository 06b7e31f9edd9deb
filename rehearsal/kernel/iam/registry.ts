import { AwsError } from '../../cloud/types';
import type { Caller, IamRegistry, IamReport, Permission, PolicyDocument } from '../../cloud/types';
import { accessDenied } from './denial';
import { asList, matchesPattern } from './match';
import { applies, checkPolicy, evaluate, statementsOf } from './policy';
import type { Decision, Principal, Request } from './policy';

interface Role {
  arn: string;
  name: string;
  trust: PolicyDocument;
  boundary?: PolicyDocument;
  policies: Map<string, PolicyDocument>;
  /** Actions and resources, as written, that a request has needed. */
  used: Set<string>;
  /** Requests that were allowed whatever their condition keys, with the resource's policy that was asked; empty after any change. */
  allowed: Map<string, PolicyDocument | undefined>;
  /** Whether the answer can depend on condition keys; unknown after any change. */
  conditional: boolean | undefined;
}

/** Roles and their policies; decides about each request and remembers what was refused and what was never needed. */
export class PolicyEngine implements IamRegistry {
  private readonly roles = new Map<string, Role>();
  private readonly denied: IamReport['denied'] = [];
  /** By the resource's policy, which is replaced and never changed: requests of services that it allowed. */
  private readonly allowedServices = new WeakMap<PolicyDocument, Set<string>>();

  constructor(
    private readonly accountId: string,
    private readonly region: string,
    private readonly nowMillis: () => number,
  ) {}

  putRole(role: { arn: string; name: string; trust: PolicyDocument; boundary?: PolicyDocument }): void {
    checkPolicy(role.trust, `Trust policy of ${role.name}`);
    if (role.boundary !== undefined) checkPolicy(role.boundary, `Permissions boundary of ${role.name}`);
    const before = this.roles.get(role.arn);
    this.roles.set(role.arn, {
      ...role,
      policies: before?.policies ?? new Map(),
      used: before?.used ?? new Set(),
      allowed: new Map(),
      conditional: undefined,
    });
  }

  removeRole(roleArn: string): void {
    this.roles.delete(roleArn);
  }

  putRolePolicy(roleArn: string, policyName: string, document: PolicyDocument): void {
    const role = this.roleOf(roleArn);
    checkPolicy(document, `Policy ${policyName} of ${role.name}`);
    role.policies.set(policyName, document);
    forgetAnswers(role);
  }

  removeRolePolicy(roleArn: string, policyName: string): void {
    const role = this.roles.get(roleArn);
    role?.policies.delete(policyName);
    if (role !== undefined) forgetAnswers(role);
  }

  /** Whether a service may act as the role: its trust policy decides. */
  authoriseAssume(roleArn: string, servicePrincipal: string, sourceArn: string): void {
    const request: Request = {
      action: 'sts:AssumeRole',
      resource: roleArn,
      context: this.contextOf({ 'aws:SourceArn': sourceArn, 'aws:SourceAccount': this.accountId }),
    };
    const role = this.roles.get(roleArn);
    if (role !== undefined && evaluate(role.trust, request, { type: 'Service', names: [servicePrincipal] }) === 'allow') return;
    throw new AwsError('AccessDenied', `${servicePrincipal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, 403);
  }

  roleArnByName(name: string): string | undefined {
    return [...this.roles.values()].find((role) => role.name === name)?.arn;
  }

  /** `service`: whose error code the refusal carries, where it is not the action's own (iam:PassRole). */
  authorise(caller: Caller, permission: Permission, resourcePolicy: PolicyDocument | undefined, service?: string): void {
    if (caller.kind === 'world') return;
    if (caller.kind === 'service') return this.authoriseService(caller, permission, resourcePolicy, service);
    const role = this.roles.get(caller.roleArn);
    const keyless = permission.context === undefined || (role !== undefined && !isConditional(role, resourcePolicy));
    const key = keyless ? grantKey(permission.action, permission.resource) : undefined;
    if (role !== undefined && key !== undefined && role.allowed.has(key) && role.allowed.get(key) === resourcePolicy) return;
    this.authoriseRole(role, caller.roleArn, permission, resourcePolicy, service);
    if (key !== undefined) role?.allowed.set(key, resourcePolicy);
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
    return { denied: [...this.denied], unused: [...this.roles.values()].flatMap((role) => unusedOf(role)) };
  }

  private authoriseService(
    caller: Extract<Caller, { kind: 'service' }>,
    permission: Permission,
    resourcePolicy: PolicyDocument | undefined,
    service: string | undefined,
  ): void {
    const key =
      permission.context === undefined
        ? `${caller.principal} ${caller.sourceArn} ${grantKey(permission.action, permission.resource)}`
        : undefined;
    if (resourcePolicy !== undefined && key !== undefined && this.allowedServices.get(resourcePolicy)?.has(key)) return;
    const context = this.contextOf({
      ...permission.context,
      'aws:SourceArn': caller.sourceArn,
      'aws:SourceAccount': this.accountId,
      'aws:PrincipalIsAWSService': 'true',
    });
    const principal: Principal = { type: 'Service', names: [caller.principal] };
    const request = { ...permission, context };
    if (resourcePolicy !== undefined && evaluate(resourcePolicy, request, principal) === 'allow') {
      if (key !== undefined) this.rememberService(resourcePolicy, key);
      return;
    }
    this.refuse(
      caller.principal,
      caller.principal,
      permission,
      `because no resource-based policy allows the ${permission.action} action`,
      service,
    );
  }

  private rememberService(resourcePolicy: PolicyDocument, key: string): void {
    const known = this.allowedServices.get(resourcePolicy);
    if (known === undefined) this.allowedServices.set(resourcePolicy, new Set([key]));
    else known.add(key);
  }

  private authoriseRole(
    role: Role | undefined,
    roleArn: string,
    permission: Permission,
    resourcePolicy: PolicyDocument | undefined,
    service: string | undefined,
  ): void {
    const name = role?.name ?? roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const user = `arn:aws:sts::${this.accountId}:assumed-role/${name}/${name}`;
    const refuse = (why: string) => this.refuse(name, user, permission, why, service);
    if (role === undefined) return refuse('because no such role exists');
    const request = {
      ...permission,
      context: this.contextOf({ ...permission.context, 'aws:PrincipalArn': roleArn, 'aws:PrincipalAccount': this.accountId }),
    };
    const direct: Principal = { type: 'AWS', names: [roleArn, user] };
    const anyOfAccount: Principal = { type: 'AWS', names: [roleArn, user, `arn:aws:iam::${this.accountId}:root`, this.accountId] };
    const fromResource = resourcePolicy === undefined ? 'none' : evaluate(resourcePolicy, request, direct);
    const viaAccount = resourcePolicy === undefined ? 'none' : evaluate(resourcePolicy, request, anyOfAccount);
    const identity = this.evaluateIdentity(role, request);
    if (identity === 'deny') return refuse('with an explicit deny in an identity-based policy');
    if (viaAccount === 'deny') return refuse('with an explicit deny in a resource-based policy');
    if (identity !== 'allow' && fromResource !== 'allow')
      return refuse(`because no identity-based policy allows the ${permission.action} action`);
    // A key's policy has the first word: without it, no identity policy helps.
    const keyPolicyDecides = permission.action.startsWith('kms:') && resourcePolicy !== undefined;
    if (keyPolicyDecides && viaAccount !== 'allow')
      return refuse(`because no resource-based policy allows the ${permission.action} action`);
    if (role.boundary === undefined) return;
    const bounded = evaluate(role.boundary, request);
    if (bounded === 'deny') return refuse('with an explicit deny in a permissions boundary');
    if (bounded === 'none') return refuse(`because no permissions boundary allows the ${permission.action} action`);
  }

  /** Like `evaluate`, and marks each action and resource, as written, that allowed the request. */
  private evaluateIdentity(role: Role, request: Request): Decision {
    let decision: Decision = 'none';
    const used: string[] = [];
    for (const document of role.policies.values()) {
      for (const statement of statementsOf(document)) {
        if (!applies(statement, request)) continue;
        if (statement.Effect === 'Deny') return 'deny';
        decision = 'allow';
        for (const action of asList(statement.Action).filter((pattern) => matchesPattern(pattern, request.action, true))) {
          for (const resource of asList(statement.Resource).filter((pattern) => matchesPattern(pattern, request.resource)))
            used.push(grantKey(action, resource));
        }
      }
    }
    for (const key of used) role.used.add(key);
    return decision;
  }

  private refuse(roleName: string, user: string, permission: Permission, why: string, service: string | undefined): never {
    this.denied.push({ role: roleName, action: permission.action, resource: permission.resource, atMillis: this.nowMillis() });
    throw accessDenied(service, user, permission, why);
  }

  private contextOf(keys: Record<string, string | string[]>): ReadonlyMap<string, string | string[]> {
    const all = { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': this.region, 'aws:ResourceAccount': this.accountId, ...keys };
    return new Map(Object.entries(all).map(([key, value]) => [key.toLowerCase(), value]));
  }

  private roleOf(roleArn: string): Role {
    const role = this.roles.get(roleArn);
    if (role === undefined) throw new AwsError('NoSuchEntity', `The role ${roleArn} cannot be found.`, 404);
    return role;
  }
}

function forgetAnswers(role: Role): void {
  role.allowed.clear();
  role.conditional = undefined;
}

function isConditional(role: Role, resourcePolicy: PolicyDocument | undefined): boolean {
  role.conditional ??= [...role.policies.values(), ...(role.boundary === undefined ? [] : [role.boundary])].some(hasCondition);
  return role.conditional || (resourcePolicy !== undefined && hasCondition(resourcePolicy));
}

function hasCondition(document: PolicyDocument): boolean {
  return statementsOf(document).some((statement) => statement.Condition !== undefined);
}

function unusedOf(role: Role): IamReport['unused'] {
  const unused: IamReport['unused'] = [];
  for (const statement of [...role.policies.values()].flatMap((document) => statementsOf(document))) {
    if (statement.Effect !== 'Allow') continue;
    for (const action of asList(statement.Action)) {
      for (const resource of asList(statement.Resource)) {
        if (!role.used.has(grantKey(action, resource))) unused.push({ role: role.name, action, resource });
      }
    }
  }
  return unused;
}

function grantKey(action: string, resource: string): string {
  return `${action}\u0000${resource}`;
}
