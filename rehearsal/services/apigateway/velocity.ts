import { Compile, parse } from 'velocityjs';
import { UnsupportedError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import { refuseReferences } from './velocity-references';
import { callMethod } from './velocity-methods';
import { TemplateInput, utilities } from './velocity-input';
import type { RequestParameters } from './velocity-input';

/** What a mapping template speaks of. */
export interface TemplateScope {
  body: string;
  parameters: RequestParameters;
  /** `$context`, of which the template may set `responseOverride`. */
  context: Members;
  stageVariables: Readonly<Record<string, string>>;
}

/** A template that fails on this request: what it was given to parse is no JSON, say. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

type Nodes = ReturnType<typeof parse>;

const parsed = new Map<string, Nodes>();

function nodesOf(template: string): Nodes {
  const known = parsed.get(template) ?? parse(template);
  parsed.set(template, known);
  return known;
}

/** Renders a mapping template of API Gateway; where it says nothing but text, that text. */
export function renderTemplate(template: string, scope: TemplateScope): string {
  if (!/[$#]/.test(template)) return template;
  const input = new TemplateInput(scope.body, scope.parameters);
  // One handler for all methods: they are Java's, not JavaScript's.
  const methods = {
    uid: 'java',
    match: () => true,
    resolve: ({ property, context: receiver, params }: { property: string; context: unknown; params: unknown[] }): unknown => {
      if (receiver instanceof TemplateInput) return input.call(property, params);
      if (receiver === utilities) return utilities[property]!(params[0]);
      return callMethod(receiver, property, params);
    },
  };
  const variables = { input, util: utilities, context: scope.context, stageVariables: { ...scope.stageVariables } };
  const compiled = new Compile(nodesOf(template), { escape: false, customMethodHandlers: [methods] } as never);
  // What is not there is left out.
  try {
    return compiled.render(variables, undefined, true);
  } catch (error) {
    if (error instanceof UnsupportedError) throw error;
    throw new TemplateError((error as Error).message);
  }
}

/** What of a template cannot be rendered here, in short noun phrases. */
export function refuseTemplate(template: string): string[] {
  if (!/[$#]/.test(template)) return [];
  try {
    return refuseReferences(nodesOf(template), (text) => nodesOf(text));
  } catch (error) {
    if (error instanceof UnsupportedError) throw error;
    return [`a mapping template that cannot be read (${String((error as Error).message).split('\n')[0]})`];
  }
}
