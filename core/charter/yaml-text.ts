import { isScalar, Lexer, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { Finding, PathPart } from './problem';
import { describeValue } from './problem';

export const MAX_BYTES = 256 * 1024;
export const MAX_DEPTH = 32;

export type YamlResult =
  { ok: true; value: unknown; lineOf: (path: PathPart[]) => number | undefined } | { ok: false; findings: (Finding & { line?: number })[] };

/** Reads YAML that cannot harm: bounded in size and depth, without aliases, tags, directives or duplicate keys. */
export function readYaml(text: string): YamlResult {
  const outside = tooLarge(text) ?? tooDeep(text);
  if (outside !== undefined) return { ok: false, findings: [outside] };
  const lines = new LineCounter();
  // Keys are compared below: the library's own comparison takes quadratic time.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    stringKeys: false,
  });
  const syntax = [...document.errors, ...document.warnings].slice(0, 10).map((error) => ({
    path: [],
    line: lines.linePos(error.pos[0]).line,
    message: `is no valid YAML: ${firstLine(error.message)}`,
    given: excerpt(text, error.pos[0]),
    allowed: 'one YAML 1.2 document',
  }));
  if (syntax.length > 0) return { ok: false, findings: syntax };
  const unsafe = unsafeParts(document, lines);
  if (unsafe.length > 0) return { ok: false, findings: unsafe.slice(0, 10) };
  return { ok: true, value: document.toJS({ maxAliasCount: 0 }) as unknown, lineOf: (path) => lineOf(document, lines, path) };
}

function tooLarge(text: string): Finding | undefined {
  if (text.length <= MAX_BYTES) return undefined;
  return { path: [], message: 'is too large', given: `${text.length} characters`, allowed: `at most ${MAX_BYTES} characters` };
}

/** Counted on the tokens, before anything is built: building recurses. */
function tooDeep(text: string): (Finding & { line?: number }) | undefined {
  let flow = 0;
  let inLine = 0;
  let line = 1;
  for (const token of new Lexer().lex(text)) {
    if (token === '{' || token === '[') flow++;
    else if (token === '}' || token === ']') flow--;
    else if (token === '-' || token === '?') inLine++;
    else if (token === '\n' || token === '\r\n') inLine = 0;
    // Two columns are the least that a block level takes.
    const indent = /^ +$/.test(token) && inLine === 0 ? token.length / 2 : 0;
    if (flow + inLine > MAX_DEPTH || indent > 4 * MAX_DEPTH) {
      return {
        path: [],
        line,
        message: 'is nested too deeply',
        given: `more than ${MAX_DEPTH} levels`,
        allowed: `at most ${MAX_DEPTH} levels`,
      };
    }
    line += token.split('\n').length - 1;
  }
  return undefined;
}

function unsafeParts(document: Document.Parsed, lines: LineCounter): (Finding & { line?: number })[] {
  const findings: (Finding & { line?: number })[] = [];
  const report = (node: unknown, message: string, given: string, allowed: string): void => {
    const start = (node as Node | null)?.range?.[0];
    findings.push({ path: [], line: start === undefined ? undefined : lines.linePos(start).line, message, given, allowed });
  };
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    findings.push({
      path: [],
      line: 1,
      message: 'asks for another YAML',
      given: `%YAML ${document.directives.yaml.version}`,
      allowed: 'YAML 1.2',
    });
  }
  visit(document, {
    Alias: (_, node) => report(node, 'uses an alias', `*${node.source}`, 'the value itself, written out'),
    Node: (_, node) => {
      if ('anchor' in node && node.anchor !== undefined) report(node, 'sets an anchor', `&${node.anchor}`, 'the value without an anchor');
      if (node.tag?.startsWith('!') === true) report(node, 'uses a tag', node.tag, 'plain values without tags');
      else if (explicitTag(node)) report(node, 'uses a tag', String(node.tag), 'plain values without tags');
    },
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const pair of map.items as Pair[]) {
        const key = isScalar(pair.key) ? pair.key.value : pair.key;
        if (typeof key !== 'string')
          report(pair.key, 'has a key that is no text', describeKey(key), 'a text as key (numbers and true/false in quotes)');
        else if (key === '__proto__') report(pair.key, 'has a forbidden key', describeValue(key), 'another key');
        else if (seen.has(key)) report(pair.key, 'names a key twice', describeValue(key), 'each key once');
        else seen.add(key);
      }
    },
  });
  return findings;
}

/** Nodes without a written tag have none; the parser only fills it in where one was written. */
const explicitTag = (node: Node): boolean => node.tag !== undefined;

const describeKey = (key: unknown): string => (typeof key === 'object' && key !== null ? 'a list or mapping' : String(key));

function lineOf(document: Document.Parsed, lines: LineCounter, path: PathPart[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
    const last = path[length - 1];
    const pairs = typeof parent === 'object' && parent !== null && 'items' in parent ? (parent.items as (Pair | Node)[]) : [];
    const found =
      typeof last === 'number' ? pairs[last] : pairs.find((item) => 'key' in item && isScalar(item.key) && item.key.value === last);
    const node = found !== undefined && 'key' in found ? (found.key as Node) : (found as Node | undefined);
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

const firstLine = (message: string): string => message.split('\n', 1)[0]!.slice(0, 200);

const excerpt = (text: string, at: number): string => {
  const line = text
    .slice(text.lastIndexOf('\n', at - 1) + 1)
    .split('\n', 1)[0]!
    .trim();
  return line === '' ? 'the end of the file' : JSON.stringify(line.slice(0, 80));
};
