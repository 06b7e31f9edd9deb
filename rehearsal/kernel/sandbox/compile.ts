import { readFileSync, statSync } from 'node:fs';
import vm from 'node:vm';
import { globalNames } from './globals';

/** Takes the sandbox's globals, gives the file's code as a function of what its module has. */
type Compiled = (...globals: unknown[]) => (...ofModule: unknown[]) => void;

/** What stands for `import()` in compiled code: the real one would leave the sandbox. */
const IMPORT = '__sandboxImport';
const moduleNames = ['exports', 'require', 'module', '__filename', '__dirname', IMPORT].join(', ');

interface Known {
  stamp: string;
  /** The code, or why it is none of CommonJS. */
  run: Compiled | SyntaxError;
}

const compiledFiles = new Map<string, Known>();

const dynamicImport = /(?<![.\w$'"`])import(?=\s*\()/g;

/** Each file is compiled once; every environment runs the same compiled code with globals of its own. */
export function compile(file: string): Compiled {
  const { run } = known(file);
  if (typeof run !== 'function') throw run;
  return run;
}

/** A `.js` file that no package.json speaks of and that is no CommonJS, as Node finds out by trying. */
export function isEsModuleSyntax(file: string): boolean {
  const { run } = known(file);
  return (
    typeof run !== 'function' && /import statement outside|Unexpected token 'export'|import\.meta|await is only valid/.test(run.message)
  );
}

function known(file: string): Known {
  const { mtimeMs, size } = statSync(file);
  const stamp = `${mtimeMs} ${size}`;
  const before = compiledFiles.get(file);
  if (before?.stamp === stamp) return before;
  const made = { stamp, run: tryCompile(file) };
  compiledFiles.set(file, made);
  return made;
}

function tryCompile(file: string): Compiled | SyntaxError {
  const source = readFileSync(file, 'utf8').replace(/^#!.*/, '').replace(dynamicImport, IMPORT);
  try {
    // A function within: code may have names of its own for what is a global elsewhere.
    return vm.compileFunction(`return (function (${moduleNames}) {${source}\n})`, [...globalNames], { filename: file }) as Compiled;
  } catch (error) {
    // Jest's own realm has another SyntaxError.
    if ((error as Error).name === 'SyntaxError') return error as SyntaxError;
    throw error;
  }
}
