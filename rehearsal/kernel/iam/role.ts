import type { IamReport, PolicyDocument, PolicyStatement } from '../../cloud/types';
import { asList } from './match';
import { applies, coversAction, coversResource, statementsOf } from './policy';
import type { Decision, Request } from './policy';
import { knowsVariables } from './variables';

export interface RoleDescription {
  arn: string;
  name: string;
  trust: PolicyDocument;
  boundary?: PolicyDocument;
  tags?: Record<string, string>;
}

/** A role with its policies, and what of them requests have needed. */
export class Role {
  readonly policies = new Map<string, PolicyDocument>();
  /** Policies taken away, for the report on a role that is gone. */
  readonly former = new Map<string, PolicyDocument>();
  /** Requests that were allowed whatever their condition keys, with the resource's policy that was asked; empty after any change. */
  readonly allowed = new Map<string, PolicyDocument | undefined>();
  private readonly used = new Set<string>();
  /** Whether anybody ever acted as the role. */
  hasActed = false;
  private known: PolicyTraits | undefined;

  constructor(public description: RoleDescription) {}

  putPolicy(name: string, document: PolicyDocument): void {
    this.policies.set(name, document);
    this.former.delete(name);
    this.changed();
  }

  removePolicy(name: string): void {
    const document = this.policies.get(name);
    if (document === undefined) return;
    this.policies.delete(name);
    this.former.set(name, document);
    this.changed();
  }

  changed(): void {
    this.allowed.clear();
    this.known = undefined;
  }

  /** Whether answers can depend on condition keys, or on the time. */
  get traits(): PolicyTraits {
    const { boundary } = this.description;
    this.known ??= [...this.policies.values(), ...(boundary === undefined ? [] : [boundary])].map(traitsOf).reduce(joined, without);
    return this.known;
  }

  /** What the role's own policies say; marks each action and resource, as written, that allowed the request. */
  evaluate(request: Request): Decision {
    this.hasActed = true;
    let decision: Decision = 'none';
    const used: string[] = [];
    for (const document of this.policies.values()) {
      const variables = knowsVariables(document.Version);
      for (const statement of statementsOf(document)) {
        if (!applies(statement, request, document.Version)) continue;
        if (statement.Effect === 'Deny') return 'deny';
        decision = 'allow';
        used.push(...grantsOf(statement, request, variables));
      }
    }
    for (const grant of used) this.used.add(grant);
    return decision;
  }

  /** What was granted and never needed; of a role that is gone, by its policies as they were. */
  unused(gone: boolean): IamReport['unused'] {
    const seen = new Set<string>();
    const unused: IamReport['unused'] = [];
    for (const document of [...this.policies.values(), ...(gone ? this.former.values() : [])]) {
      for (const statement of statementsOf(document).filter(({ Effect }) => Effect === 'Allow')) {
        for (const { action, resource } of written(statement)) {
          const key = grantKey(action, resource);
          if (this.used.has(key) || seen.has(key)) continue;
          seen.add(key);
          unused.push({ role: this.description.name, action, resource });
        }
      }
    }
    return unused;
  }
}

export interface PolicyTraits {
  conditional: boolean;
  timed: boolean;
}

const without: PolicyTraits = { conditional: false, timed: false };
const joined = (one: PolicyTraits, other: PolicyTraits): PolicyTraits => ({
  conditional: one.conditional || other.conditional,
  timed: one.timed || other.timed,
});
const traits = new WeakMap<PolicyDocument, PolicyTraits>();

/** Read once: policies are replaced, never changed. */
export function traitsOf(document: PolicyDocument): PolicyTraits {
  let found = traits.get(document);
  if (found === undefined) {
    const text = JSON.stringify(document);
    const conditional = text.includes('${') || statementsOf(document).some(({ Condition }) => Condition !== undefined);
    found = { conditional, timed: conditional && /aws:(current|epoch)time/i.test(text) };
    traits.set(document, found);
  }
  return found;
}

/** Actions and resources as the report names them. */
function written(statement: PolicyStatement): { action: string; resource: string }[] {
  const actions = statement.NotAction === undefined ? asList(statement.Action) : [allBut('NotAction', statement.NotAction)];
  const resources = statement.NotResource === undefined ? asList(statement.Resource) : [allBut('NotResource', statement.NotResource)];
  return actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
}

const allBut = (element: string, value: string | string[]): string => `${element} ${asList(value).join(', ')}`;

/** Those of a statement that the request needed. */
function grantsOf(statement: PolicyStatement, request: Request, variables: boolean): string[] {
  return written(statement)
    .filter(
      ({ action, resource }) =>
        (statement.NotAction !== undefined || coversAction(action, request.action)) &&
        (statement.NotResource !== undefined || coversResource(resource, request, variables)),
    )
    .map(({ action, resource }) => grantKey(action, resource));
}

/** Services that act as roles here: what others are granted is never asked for. */
const acting = ['lambda', 'states', 'scheduler', 'events'].map((service) => `${service}.amazonaws.com`);

/** Whether one of the services that run here may act as the role. */
export function mayAct({ trust }: RoleDescription): boolean {
  return statementsOf(trust).some(
    ({ Effect, Principal }) =>
      Effect === 'Allow' &&
      Principal !== undefined &&
      Principal !== '*' &&
      asList(Principal['Service']).some((host) => acting.includes(host)),
  );
}

export function grantKey(action: string, resource: string): string {
  return `${action}\u0000${resource}`;
}
