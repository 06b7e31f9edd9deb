import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Baseline } from '../gateway/baseline';
import { handlerCode } from '../shared/handler-code';

/** Puts the handler's bundle, the baseline and the scorers of the use case into one directory for the time that `use` needs it. */
export function withGateCode<T>(baseline: Baseline | undefined, modules: Map<string, string>, use: (directory: string) => T): T {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-gates-'));
  try {
    cpSync(handlerCode('gate'), directory, { recursive: true });
    if (baseline !== undefined) writeFileSync(path.join(directory, 'baseline.js'), baseline._module);
    if (modules.size > 0) mkdirSync(path.join(directory, 'scorers'));
    for (const [name, code] of modules) writeFileSync(path.join(directory, 'scorers', `${name}.js`), code);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
