import type { Members } from '../../cloud/types';
import { literalOf } from './templates';
import { TemplateInput } from './velocity-input';
import type { TemplateScope } from './velocity';

/** Values that an integration answers, by where they stand. */
export interface IntegrationAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const fromRequest = /^method\.request\.(header|querystring|path|body)(?:\.(.+))?$/s;
const fromAnswer = /^integration\.response\.(header|body)(?:\.(.+))?$/s;

const mappable = [fromRequest, fromAnswer, /^context\.[A-Za-z.]+$/, /^stageVariables\.\w+$/];

/** Names the parameters whose source is not known. */
export function refuseMappings(parameters: unknown, where: string): string[] {
  return Object.entries((parameters ?? {}) as Record<string, unknown>)
    .filter(([, mapping]) => typeof mapping === 'string' && literalOf(mapping) === undefined && !mappable.some((one) => one.test(mapping)))
    .map(([name, mapping]) => `a mapped parameter (${where}: ${name} from ${String(mapping)})`);
}

/** What a mapped parameter takes; undefined: nothing is there. */
export function mapped(mapping: string, scope: TemplateScope, answer?: IntegrationAnswer): string | undefined {
  const literal = literalOf(mapping);
  if (literal !== undefined) return literal;
  const [, place, name = ''] = fromRequest.exec(mapping) ?? [];
  if (place === 'body') return textOf(new TemplateInput(scope.body, scope.parameters).at(name === '' ? '$' : `$.${name}`));
  if (place === 'header') return Object.entries(scope.parameters.header).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  if (place !== undefined) return scope.parameters[place as 'querystring' | 'path'][name];
  const [, part, member = ''] = fromAnswer.exec(mapping) ?? [];
  if (part === 'header') return answer?.headers[member.toLowerCase()];
  if (part === 'body') return textOf(new TemplateInput(answer?.body ?? '', scope.parameters).at(member === '' ? '$' : `$.${member}`));
  const [root, ...path] = mapping.split('.');
  if (root === 'stageVariables') return scope.stageVariables[path[0] ?? ''];
  return textOf(path.reduce<unknown>((value, key) => (value as Members | undefined | null)?.[key] as unknown, scope.context));
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value as number);
}
