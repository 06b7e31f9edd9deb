import type { Template } from 'aws-cdk-lib/assertions';

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Statements of every policy that is attached to the role whose logical id matches. */
export function statementsOf(template: Template, role: RegExp): Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap((policy) => {
    const properties = policy['Properties'] as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } };
    return properties.Roles.some(({ Ref }) => role.test(Ref)) ? properties.PolicyDocument.Statement : [];
  });
}

/** Actions that a role may perform on `*`. */
export function actionsOnEverything(template: Template, role: RegExp): string[] {
  return statementsOf(template, role)
    .filter(({ Resource }) => listOf(Resource).includes('*'))
    .flatMap(({ Action }) => listOf(Action) as string[]);
}

export function actionsOf(template: Template, role: RegExp): string[] {
  return statementsOf(template, role)
    .flatMap(({ Action }) => listOf(Action) as string[])
    .sort();
}
