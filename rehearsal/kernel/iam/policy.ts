import { UnsupportedError } from '../../cloud/types';
import type { PolicyDocument, PolicyStatement } from '../../cloud/types';
import { checkConditions, conditionsHold } from './conditions';
import type { ConditionContext } from './conditions';
import { asList, matchesPattern } from './match';

export interface Request {
  action: string;
  resource: string;
  context: ConditionContext;
}

export type Decision = 'allow' | 'deny' | 'none';

/** Whose requests a statement of a resource's policy is about. */
export interface Principal {
  /** ARNs and names by which a policy may name the caller; for a service its host name. */
  type: 'AWS' | 'Service';
  names: string[];
}

export function statementsOf(document: PolicyDocument): PolicyStatement[] {
  return Array.isArray(document.Statement) ? document.Statement : [document.Statement];
}

/** Refuses what could not be judged, when the policy is put in place. */
export function checkPolicy(document: PolicyDocument, where: string): void {
  for (const statement of statementsOf(document)) {
    const unknown = Object.keys(statement).filter((key) => !knownKeys.has(key));
    if (unknown.length > 0) throw new UnsupportedError(`${where}: the policy element ${unknown.join(', ')} is not supported.`);
    checkConditions(statement.Condition, where);
    const variable = [...asList(statement.Resource), ...asList(statement.NotResource)].find((resource) => resource.includes('${'));
    if (variable !== undefined) throw new UnsupportedError(`${where}: the policy variable in "${variable}" is not supported.`);
  }
}

const knownKeys = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'Condition']);

/** What a policy says about the request: a deny wins over any allow. */
export function evaluate(document: PolicyDocument, request: Request, principal?: Principal): Decision {
  let decision: Decision = 'none';
  for (const statement of statementsOf(document)) {
    if (!applies(statement, request, principal)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    decision = 'allow';
  }
  return decision;
}

export function applies(statement: PolicyStatement, request: Request, principal?: Principal): boolean {
  return (
    matchesAction(statement, request.action) &&
    matchesResource(statement, request.resource) &&
    (principal === undefined || matchesPrincipal(statement.Principal, principal)) &&
    conditionsHold(statement.Condition, request.context)
  );
}

export function matchesAction(statement: PolicyStatement, action: string): boolean {
  if (statement.NotAction !== undefined) return !asList(statement.NotAction).some((pattern) => matchesPattern(pattern, action, true));
  return asList(statement.Action).some((pattern) => matchesPattern(pattern, action, true));
}

function matchesResource(statement: PolicyStatement, resource: string): boolean {
  if (statement.NotResource !== undefined) return !asList(statement.NotResource).some((pattern) => matchesPattern(pattern, resource));
  // A trust policy names no resource: it is about its own role.
  if (statement.Resource === undefined) return true;
  return asList(statement.Resource).some((pattern) => matchesPattern(pattern, resource));
}

function matchesPrincipal(stated: PolicyStatement['Principal'], principal: Principal): boolean {
  if (stated === undefined) return false;
  if (stated === '*') return true;
  return asList(stated[principal.type]).some((name) => name === '*' || principal.names.includes(name));
}
