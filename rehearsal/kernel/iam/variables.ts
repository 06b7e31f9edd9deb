import { UnsupportedError } from '../../cloud/types';
import type { ConditionContext } from './conditions';
import { checkConditionKey } from './condition-keys';

const variable = /\$\{([^}]*)\}/g;
const literal: Record<string, string> = { '*': '*', '?': '?', $: '$' };
/** Stands for a sign that is meant literally, where `*` and `?` would be wildcards. */
const literalMarks: Record<string, string> = { '*': '\uE000', '?': '\uE001' };

/** Older policy versions take `${…}` for plain text. */
export const knowsVariables = (version: string | undefined): boolean => version === '2012-10-17';

/** Refuses a variable whose value a rehearsal cannot know. */
export function checkVariables(text: string, where: string): void {
  for (const [whole, inner = ''] of text.matchAll(variable)) {
    if (inner in literal) continue;
    const key = keyAndDefault(inner).key;
    if (!key.includes(':')) throw new UnsupportedError(`${where}: the policy variable ${whole} is not supported.`);
    checkConditionKey(key, `${where}: the policy variable ${whole}`);
  }
}

/** The text with its variables filled in; undefined where one has no value: then the statement does not match. */
export function fillIn(text: string, context: ConditionContext): string | undefined {
  if (!text.includes('${')) return text;
  let complete = true;
  const filled = text.replace(variable, (_whole, inner: string) => {
    if (inner in literal) return literalMarks[inner] ?? '$';
    const { key, fallback } = keyAndDefault(inner);
    const value = context.get(key.toLowerCase());
    const text = typeof value === 'string' ? value : fallback;
    if (text === undefined) complete = false;
    // A value is text: a star in it is no wildcard.
    return (text ?? '').replaceAll('*', '\uE000').replaceAll('?', '\uE001');
  });
  return complete ? filled : undefined;
}

/** `${key}` or `${key, 'default'}`. */
function keyAndDefault(inner: string): { key: string; fallback: string | undefined } {
  const [, key = inner, fallback] = /^([^,]*?)\s*,\s*'(.*)'$/.exec(inner) ?? [];
  return { key: key.trim(), fallback };
}
