import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { writtenPath } from './written-path';

/** How close a number must be. */
export interface ToleranceOptions {
  /**
   * JMESPath of the number in the answer.
   *
   * @default - the whole answer
   */
  readonly field?: string;

  /**
   * Largest difference.
   *
   * @default - `relative` decides
   */
  readonly absolute?: number;

  /**
   * Largest difference as a fraction of what was expected.
   *
   * @default - `absolute` decides
   */
  readonly relative?: number;
}

/** What a Bedrock model is told that judges answers: one of the three. */
export interface BedrockJudgeOptions {
  /**
   * `toxicity` or `hallucination`: a prompt of Sluice's own.
   *
   * @default - `prompt` or `promptFile`
   */
  readonly judgedFor?: string;

  /**
   * What to look for, in words. 1 is good, 0 is bad.
   *
   * @default - `judgedFor` or `promptFile`
   */
  readonly prompt?: string;

  /**
   * File that holds the prompt.
   *
   * @default - `judgedFor` or `prompt`
   */
  readonly promptFile?: string;
}

/**
 * Gives an answer a score from 0 (bad) to 1 (good).
 *
 * @example
 * const scorer = Scorer.exactMatch('label');
 */
export abstract class Scorer {
  /**
   * 1 where the answer is the same as the line's `expected`.
   *
   * @param field JMESPath into the answer; without it, the whole answer
   */
  static exactMatch(field?: string): Scorer {
    return new WrittenScorer({ exactMatch: { field } });
  }

  /**
   * 1 where a number is close enough to the line's `expected`.
   *
   * @param options how close
   */
  static tolerance(options: ToleranceOptions): Scorer {
    return new WrittenScorer({ tolerance: { ...options } });
  }

  /**
   * 1 where a regular expression (of JavaScript, with the flag `u`) finds something in the answer.
   *
   * @param pattern the expression; without it, the line's `expected` is the expression
   * @param field JMESPath into the answer; without it, the whole answer
   */
  static pattern(pattern?: string, field?: string): Scorer {
    return new WrittenScorer({ pattern: { pattern, field } });
  }

  /**
   * 1 where the answer is JSON that fits a JSON Schema.
   *
   * @param file path of the schema
   */
  static jsonSchema(file: string): Scorer {
    return new WrittenScorer({ jsonSchema: writtenPath(file) });
  }

  /**
   * A function of yours: gets `{ line, answer }`, answers `{ score }`.
   *
   * @param handler the function
   */
  static lambda(handler: lambda.IFunction): Scorer {
    return new WrittenScorer({ function: handler.functionArn });
  }

  /**
   * A module of one file that exports `score(line, answer)` and returns a number from 0 to 1, or true or false.
   *
   * @param file path of a `.ts`, `.mts`, `.cts`, `.js`, `.mjs` or `.cjs` file
   */
  static module(file: string): Scorer {
    return new WrittenScorer({ module: writtenPath(file) });
  }

  /**
   * A Bedrock model as judge. It reads requests and answers.
   *
   * @param modelId id of a model or of an inference profile
   * @param options what it is told
   */
  static bedrockJudge(modelId: string, options: BedrockJudgeOptions): Scorer {
    const { judgedFor, prompt, promptFile } = options;
    return new WrittenScorer({
      bedrockJudge: { model: modelId, for: judgedFor, prompt, promptFile: promptFile === undefined ? undefined : writtenPath(promptFile) },
    });
  }

  /** @internal The same as the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;
}

class WrittenScorer extends Scorer {
  constructor(override readonly _charter: Record<string, unknown>) {
    super();
  }
}
