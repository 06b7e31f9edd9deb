import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import * as path from 'node:path';
import * as vm from 'node:vm';

/** Reads a rule of one file and returns it as a CommonJS module, checked by loading it once. */
export function convertRule(file: string): string {
  const source = readFileSync(file, 'utf8');
  const plain = /\.[cm]?ts$/.test(file) ? stripTypes(source, file) : source;
  const code = isCommonJs(plain) ? plain : toCommonJs(plain, file);
  checkLoads(code, file);
  return `'use strict';\n${code}`;
}

function stripTypes(source: string, file: string): string {
  const { stripTypeScriptTypes } = nodeModule;
  if (typeof stripTypeScriptTypes !== 'function') {
    throw new Error(
      `${file}: Node ${process.versions.node} cannot read TypeScript; use Node 22.13 or newer, or write the baseline in JavaScript.`,
    );
  }
  try {
    return withoutExperimentalWarning(() => stripTypeScriptTypes(source, { mode: 'strip' }));
  } catch (error) {
    throw new Error(
      `${file}: its types cannot be stripped: ${(error as Error).message}. ` +
        'Allowed is TypeScript without enums, namespaces and parameter properties; or write the baseline in JavaScript.',
      { cause: error },
    );
  }
}

/** Node announces that stripping types is experimental; that is no news for users of this library. */
function withoutExperimentalWarning<T>(action: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return action();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const isCommonJs = (code: string): boolean => /^(module\.)?exports\b/m.test(code) && !/^export\b/m.test(code);

const DECLARATION = /^export[ \t]+((?:async[ \t]+)?function\b[ \t]*\*?|class\b|const\b|let\b|var\b)[ \t]*([A-Za-z_$][\w$]*)/gm;
const LIST = /^export[ \t]*\{([^}]*)\}[ \t]*;?/gm;
const BUILTIN_IMPORT = /^import[ \t]+(?:(\*[ \t]+as[ \t]+)?([A-Za-z_$][\w$]*)|\{([^}]*)\})[ \t]+from[ \t]+(['"])(node:[\w/]+)\4[ \t]*;?/gm;

/** Static exports and imports of Node's own modules, at the beginning of a line: all that a rule of one file needs. */
function toCommonJs(source: string, file: string): string {
  const exported: [string, string][] = [];
  const code = source
    .replace(
      BUILTIN_IMPORT,
      (_all, _star: string | undefined, name: string | undefined, list: string | undefined, _quote, from: string) => {
        return `const ${name ?? `{${(list ?? '').replace(/([\w$]+)[ \t]+as[ \t]+([\w$]+)/g, '$1: $2')}}`} = require('${from}');`;
      },
    )
    .replace(DECLARATION, (_all, keyword: string, name: string) => {
      exported.push([name, name]);
      return `${keyword} ${name}`;
    })
    .replace(LIST, (_all, list: string) => {
      for (const item of list.split(',').map((text) => text.trim())) {
        const [local, alias] = item.split(/\s+as\s+/);
        if (local !== undefined && local !== '') exported.push([alias ?? local, local]);
      }
      return '';
    });
  refuseLeftovers(code, file);
  return `${code}\n${exported.map(([name, local]) => `exports.${name} = ${local};`).join('\n')}\n`;
}

function refuseLeftovers(code: string, file: string): void {
  const leftover = /^(import\b(?!\s*\()|export\b).*$/m.exec(code)?.[0];
  if (leftover === undefined) return;
  throw new Error(
    `${file}: the baseline cannot be packed because of the line \`${leftover.trim().slice(0, 80)}\`. ` +
      'Allowed in a baseline: one file, `export function answer(request)`, `export const …`, `export { … }`, and imports from node:… modules.',
  );
}

/** A rule that does not load would fail every request that needs it most: find out at synth. */
function checkLoads(code: string, file: string): void {
  const exported: Record<string, unknown> = {};
  const module = { exports: exported };
  try {
    const compiled = vm.compileFunction(code, ['module', 'exports', 'require'], { filename: file });
    (compiled as (...values: unknown[]) => void)(module, exported, builtinsOnly(file));
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Error(`${file}: the baseline does not load: ${reason}`, { cause: error });
  }
  const { answer } = module.exports;
  if (typeof answer !== 'function') {
    const names = Object.keys(module.exports).join(', ');
    throw new Error(`${file}: the baseline exports ${names === '' ? 'nothing' : names}; it must export a function answer(request).`);
  }
}

const builtinsOnly = (file: string) => {
  const load = nodeModule.createRequire(path.resolve(file));
  return (name: string): unknown => {
    if (nodeModule.isBuiltin(name)) return load(name);
    throw new Error(`it requires '${name}'; a baseline is one file and may require Node's own modules only`);
  };
};
