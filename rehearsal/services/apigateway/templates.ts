import { refuseTemplate } from './velocity';

/** Names what of the templates cannot be rendered. */
export function refuseTemplates(templates: unknown, where: string): string[] {
  return Object.entries((templates ?? {}) as Record<string, unknown>).flatMap(([type, template]) =>
    typeof template === 'string' ? refuseTemplate(template).map((what) => `${what} (${where}, ${type})`) : [],
  );
}

/** `'text'`: a value that stands for itself; undefined: it is taken from somewhere. */
export function literalOf(mapping: string): string | undefined {
  return /^'([^']*)'$/.exec(mapping)?.[1];
}

/** Names the parameters that are not given as a literal. */
export function refuseParameters(parameters: unknown, where: string): string[] {
  return Object.entries((parameters ?? {}) as Record<string, unknown>)
    .filter(([, mapping]) => typeof mapping === 'string' && literalOf(mapping) === undefined)
    .map(([name, mapping]) => `a mapped parameter (${where}: ${name} from ${String(mapping)})`);
}

/** The template for a content type; without one, that of JSON. */
export function templateFor(templates: Record<string, string> | undefined, contentType: string | undefined): string | undefined {
  const type = (contentType ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  return Object.entries(templates ?? {}).find(([known]) => known.toLowerCase() === type)?.[1];
}
