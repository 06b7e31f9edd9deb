import { existsSync, readFileSync } from 'node:fs';
import { didYouMean } from '../core/charter/suggest';
import { BadInputError } from '../core/errors';

export const DEFAULT_OUTPUTS_FILE = 'cdk-outputs.json';

type Outputs = Record<string, Record<string, string>>;

/** An output of the deployed stack, from the file that `cdk deploy --outputs-file` writes. */
export function stackOutput(output: string, options: { file?: string; stack?: string; instead: string }): string {
  const file = options.file ?? DEFAULT_OUTPUTS_FILE;
  const outputs = readOutputs(file, options.instead);
  const stacks = Object.keys(outputs);
  if (options.stack !== undefined && !Object.hasOwn(outputs, options.stack)) {
    const hint = didYouMean(options.stack, stacks);
    throw new BadInputError(
      `${file}: has no stack ${options.stack}\n  allowed: ${stacks.join(', ')}${hint === undefined ? '' : `\n  ${hint}`}`,
    );
  }
  const candidates = stacks.filter((stack) => stack === (options.stack ?? stack) && typeof outputs[stack]?.[output] === 'string');
  const [only, ...others] = candidates;
  if (only === undefined) {
    throw new BadInputError(
      `${file}: no stack has the output ${output}\n  deploy the use case again with --outputs-file ${file}, or give ${options.instead}`,
    );
  }
  if (others.length > 0)
    throw new BadInputError(`${file}: several stacks have the output ${output}\n  choose one with --stack: ${candidates.join(', ')}`);
  return outputs[only]![output]!;
}

function readOutputs(file: string, instead: string): Outputs {
  if (!existsSync(file)) {
    throw new BadInputError(`${file}: there is no such file\n  write it with: cdk deploy --outputs-file ${file}\n  or give ${instead}`);
  }
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const isOutputs = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    if (isOutputs && Object.values(parsed).every((stack) => typeof stack === 'object' && stack !== null)) return parsed as Outputs;
  } catch {
    // Said below: whatever is wrong with the file, the way out is the same.
  }
  throw new BadInputError(`${file}: holds no stack outputs\n  write it with: cdk deploy --outputs-file ${file}`);
}
