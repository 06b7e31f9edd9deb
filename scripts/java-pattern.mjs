/** Classes that Java names and JavaScript does not. */
const CLASSES = {
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Space: '\\s',
  ASCII: '\\x00-\\x7F',
  XDigit: '0-9a-fA-F',
  Blank: ' \\t',
};

/**
 * How JavaScript writes a pattern of a service model: `{}` as it stands, `{ source, flags }` otherwise, `{ all: true }` when it asks
 * nothing, undefined when it cannot be written.
 */
export function javaScriptPattern(pattern) {
  if (pattern === '.*' || pattern === '[\\s\\S]*' || pattern === '[\\S\\s]*') return { all: true };
  const needsUnicode = /\\[pP]\{|[\u{10000}-\u{10ffff}]|\\u\{/u.test(pattern);
  if (!needsUnicode && compiles(pattern, '') && !/\(\?[imsx]+\)|[*+?}]\+|\\[AzZhQE]/.test(pattern)) return {};
  const source = pattern
    .replace(/^\(\?s\)/, '')
    // A pattern always speaks of the whole text.
    .replace(/^\\A|\\[zZ]$/g, '')
    .replace(/\[?\\p\{(\w+)\}\]?/g, (all, name) => named(all, name))
    // With the flag `u` only signs that mean something may be escaped.
    .replace(/\\([^\w\s^$\\.*+?()[\]{}|/-])/g, '$1')
    .replace(/\\_/g, '_')
    .replace(/\\\//g, '\\/');
  const outside = source.replace(/\[(?:\\.|[^\]\\])*\]|\\-/g, (part) => (part === '\\-' ? '-' : part));
  const flags = /^\(\?s\)/.test(pattern) ? 'su' : 'u';
  return compiles(outside, flags) ? { source: outside, flags } : undefined;
}

function named(all, name) {
  const range = CLASSES[name];
  if (range === undefined) return all;
  return all.startsWith('[') && all.endsWith(']')
    ? `[${range}]`
    : all.startsWith('[')
      ? `[${range}`
      : all.endsWith(']')
        ? `${range}]`
        : `[${range}]`;
}

function compiles(source, flags) {
  try {
    new RegExp(`^(?:${source})$`, flags);
    return true;
  } catch {
    return false;
  }
}
