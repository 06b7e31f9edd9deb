import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { convertRule } from './rule-source';

/**
 * The null model: what answers before a model is promoted, for the permanent holdout, whenever a model fails, and while the kill switch is on.
 *
 * @example
 * const baseline = Baseline.fixedAnswer({ label: 'ham', confidence: 0 });
 */
export abstract class Baseline {
  /**
   * A rule: a module of one file that exports `answer(request)`, JSON in and JSON out.
   *
   * @param file path of a `.ts`, `.mts`, `.cts`, `.js`, `.mjs` or `.cjs` file; relative paths start at the working directory
   * @throws when the file is missing, imports other than Node's own modules, does not load, or exports no `answer`
   */
  static rule(file: string): Baseline {
    const absolute = path.resolve(file);
    if (!existsSync(absolute)) {
      throw new Error(
        `The baseline rule ${file} is not there (looked at ${absolute}): give the path of a module that exports answer(request).`,
      );
    }
    return new ModuleBaseline(convertRule(absolute), { rule: path.basename(absolute) });
  }

  /**
   * The same answer to every request.
   *
   * @param answer any JSON value
   * @throws when the value cannot be written as JSON
   */
  static fixedAnswer(answer: unknown): Baseline {
    const json = JSON.stringify(answer);
    if (json === undefined) {
      throw new Error(`The fixed answer of the baseline is ${String(answer)}: it must be a JSON value, such as { label: 'ham' }.`);
    }
    return new ModuleBaseline(`'use strict';\nexports.answer = () => JSON.parse(${JSON.stringify(json)});\n`, { fixed: answer });
  }

  /** @internal The CommonJS module that the gateway loads as `baseline.js`. */
  abstract readonly _module: string;

  /** @internal The same as the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;
}

class ModuleBaseline extends Baseline {
  constructor(
    override readonly _module: string,
    override readonly _charter: Record<string, unknown>,
  ) {
    super();
  }
}
