import type { HttpResponse, Members } from '../../cloud/types';
import { mapped } from './parameter-mapping';
import type { IntegrationAnswer } from './parameter-mapping';
import { textBody } from './request';
import { templateFor } from './templates';
import { renderTemplate } from './velocity';
import type { TemplateScope } from './velocity';

interface IntegrationResponse {
  StatusCode: string | number;
  SelectionPattern?: string;
  ResponseParameters?: Record<string, string>;
  ResponseTemplates?: Record<string, string>;
}

/** What a template may make of the answer with `$context.responseOverride`. */
interface Override {
  status?: unknown;
  header?: Record<string, unknown>;
}

/** The answer as the integration response that fits shapes it; undefined: none does. */
export function answerBy(
  integration: Members,
  selector: string | undefined,
  answer: IntegrationAnswer,
  scope: TemplateScope,
  accepted: string | undefined,
): HttpResponse | undefined {
  const found = select((integration['IntegrationResponses'] ?? []) as IntegrationResponse[], selector);
  if (found === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, mapping] of Object.entries(found.ResponseParameters ?? {})) {
    const value = mapped(mapping, scope, answer);
    if (value !== undefined) headers[name.replace(/^method\.response\.header\./, '').toLowerCase()] = value;
  }
  const [contentType, template] = templateOf(found.ResponseTemplates, accepted) ?? [];
  const body = template === undefined || template === '' ? answer.body : renderTemplate(template, { ...scope, body: answer.body });
  const { status, header } = scope.context['responseOverride'] as Override;
  for (const [name, value] of Object.entries(header ?? {})) headers[name.toLowerCase()] = String(value);
  return {
    status: Number(status ?? found.StatusCode),
    headers: { 'content-type': contentType ?? 'application/json', ...headers },
    body: textBody(body),
  };
}

/** The response whose pattern fits the whole selector, else that without a pattern. */
function select(all: readonly IntegrationResponse[], selector: string | undefined): IntegrationResponse | undefined {
  const hasPattern = ({ SelectionPattern: pattern }: IntegrationResponse): boolean => pattern !== undefined && pattern !== '';
  const fits = ({ SelectionPattern: pattern }: IntegrationResponse): boolean => new RegExp(`^(?:${pattern!})$`, 's').test(selector ?? '');
  const patterned = selector === undefined ? undefined : all.filter(hasPattern).find(fits);
  return patterned ?? all.find((one) => !hasPattern(one));
}

/** The template for what the caller accepts, else the first. */
function templateOf(templates: Record<string, string> | undefined, accepted: string | undefined): [string, string] | undefined {
  const wanted = (accepted ?? '').split(',')[0]!;
  const found = wanted === '' ? undefined : templateFor(templates, wanted);
  const first = Object.entries(templates ?? {})[0];
  return found === undefined ? first : [wanted.split(';')[0]!.trim(), found];
}
