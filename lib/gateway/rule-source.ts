import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import * as path from 'node:path';
import * as vm from 'node:vm';

/** What a module of the user's is for, and the function that it must export. */
export interface ModuleKind {
  noun: string;
  entry: string;
  call: string;
}

const BASELINE: ModuleKind = { noun: 'baseline', entry: 'answer', call: 'answer(request)' };

/** Reads a module of one file and returns it as CommonJS, checked by loading it once. */
export function convertRule(file: string, kind = BASELINE): string {
  const source = readFileSync(file, 'utf8');
  const plain = /\.[cm]?ts$/.test(file) ? stripTypes(source, file, kind) : source;
  const code = isCommonJs(plain) ? plain : toCommonJs(plain, file, kind);
  checkLoads(code, file, kind);
  return `'use strict';\n${code}`;
}

function stripTypes(source: string, file: string, { noun }: ModuleKind): string {
  const { stripTypeScriptTypes } = nodeModule;
  if (typeof stripTypeScriptTypes !== 'function') {
    throw new Error(
      `${file}: Node ${process.versions.node} cannot read TypeScript; use Node 22.13 or newer, or write the ${noun} in JavaScript.`,
    );
  }
  try {
    return withoutExperimentalWarning(() => stripTypeScriptTypes(source, { mode: 'strip' }));
  } catch (error) {
    throw new Error(
      `${file}: its types cannot be stripped: ${(error as Error).message}. ` +
        `Allowed is TypeScript without enums, namespaces and parameter properties; or write the ${noun} in JavaScript.`,
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
function toCommonJs(source: string, file: string, kind: ModuleKind): string {
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
  refuseLeftovers(code, file, kind);
  return `${code}\n${exported.map(([name, local]) => `exports.${name} = ${local};`).join('\n')}\n`;
}

function refuseLeftovers(code: string, file: string, { noun, call }: ModuleKind): void {
  const leftover = /^(import\b(?!\s*\()|export\b).*$/m.exec(code)?.[0];
  if (leftover === undefined) return;
  throw new Error(
    `${file}: the ${noun} cannot be packed because of the line \`${leftover.trim().slice(0, 80)}\`. ` +
      `Allowed in a ${noun}: one file, \`export function ${call}\`, \`export const …\`, \`export { … }\`, and imports from node:… modules.`,
  );
}

/** A rule that does not load would fail every request that needs it most: find out at synth. */
function checkLoads(code: string, file: string, { noun, entry, call }: ModuleKind): void {
  const exported: Record<string, unknown> = {};
  const module = { exports: exported };
  try {
    const compiled = vm.compileFunction(code, ['module', 'exports', 'require'], { filename: file });
    (compiled as (...values: unknown[]) => void)(module, exported, builtinsOnly(file, noun));
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Error(`${file}: the ${noun} does not load: ${reason}`, { cause: error });
  }
  if (typeof module.exports[entry] !== 'function') {
    const names = Object.keys(module.exports).join(', ');
    throw new Error(`${file}: the ${noun} exports ${names === '' ? 'nothing' : names}; it must export a function ${call}.`);
  }
}

const builtinsOnly = (file: string, noun: string) => {
  const load = nodeModule.createRequire(path.resolve(file));
  return (name: string): unknown => {
    if (nodeModule.isBuiltin(name)) return load(name);
    throw new Error(`it requires '${name}'; a ${noun} is one file and may require Node's own modules only`);
  };
};
