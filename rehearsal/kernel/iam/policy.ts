import { UnsupportedError } from '../../cloud/types';
import type { PolicyDocument, PolicyStatement } from '../../cloud/types';
import { checkConditions, conditionsHold } from './conditions';
import type { ConditionContext } from './conditions';
import { asList, matchesPattern } from './match';
import { namingOf } from './principals';
import type { Naming, Principal } from './principals';
import { checkVariables, fillIn, knowsVariables } from './variables';

export interface Request {
  action: string;
  resource: string;
  context: ConditionContext;
}

export type Decision = 'allow' | 'deny' | 'none';

export function statementsOf(document: PolicyDocument): readonly PolicyStatement[] {
  return asList(document.Statement);
}

const knownElements = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition'];

/** Refuses what could not be judged, when the policy is put in place. */
export function checkPolicy(document: PolicyDocument, where: string): void {
  const variables = knowsVariables(document.Version);
  for (const statement of statementsOf(document)) {
    const unknown = Object.keys(statement).filter((key) => !knownElements.includes(key));
    if (unknown.length > 0)
      throw new UnsupportedError(
        `${where}: the policy element ${unknown.join(', ')} is not supported. Supported are ${knownElements.join(', ')}.`,
      );
    if (statement.NotPrincipal !== undefined && statement.Effect === 'Allow')
      throw new UnsupportedError(`${where}: NotPrincipal in an allowing statement is not supported. Use it with Effect Deny.`);
    checkConditions(statement.Condition, where, variables);
    if (!variables) continue;
    for (const resource of [...asList(statement.Resource), ...asList(statement.NotResource)]) checkVariables(resource, where);
  }
}

/** What a role's own policy says about the request: a deny wins over any allow. */
export function evaluate(document: PolicyDocument, request: Request): Decision {
  let decision: Decision = 'none';
  for (const statement of statementsOf(document)) {
    if (!applies(statement, request, document.Version)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    decision = 'allow';
  }
  return decision;
}

const strength: Record<Naming, number> = { account: 1, role: 2, session: 3 };

/** What a resource's policy says: `deny`, or how the strongest allowing statement names the caller. */
export function evaluateResource(document: PolicyDocument | undefined, request: Request, principal: Principal): 'deny' | Naming | 'none' {
  if (document === undefined) return 'none';
  let strongest: Naming | 'none' = 'none';
  for (const statement of statementsOf(document)) {
    const naming = namingOf(statement, principal);
    if (naming === undefined || !applies(statement, request, document.Version)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    if (strongest === 'none' || strength[naming] > strength[strongest]) strongest = naming;
  }
  return strongest;
}

export function applies(statement: PolicyStatement, request: Request, version: string | undefined): boolean {
  const variables = knowsVariables(version);
  return (
    matchesAction(statement, request.action) &&
    matchesResource(statement, request, variables) &&
    conditionsHold(statement.Condition, request.context, variables)
  );
}

function matchesAction(statement: PolicyStatement, action: string): boolean {
  if (statement.NotAction !== undefined) return !asList(statement.NotAction).some((pattern) => coversAction(pattern, action));
  return asList(statement.Action).some((pattern) => coversAction(pattern, action));
}

export const coversAction = (pattern: string, action: string): boolean => matchesPattern(pattern, action, true);

function matchesResource(statement: PolicyStatement, request: Request, variables: boolean): boolean {
  const covers = (pattern: string) => coversResource(pattern, request, variables);
  if (statement.NotResource !== undefined) return !asList(statement.NotResource).some(covers);
  // A trust policy names no resource: it is about its own role.
  if (statement.Resource === undefined) return true;
  return asList(statement.Resource).some(covers);
}

export function coversResource(pattern: string, { resource, context }: Request, variables: boolean): boolean {
  const filled = variables ? fillIn(pattern, context) : pattern;
  return filled !== undefined && matchesPattern(filled, resource);
}
