import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Charter, ParseOptions, Problem } from '../../../core/charter';
import { parseCharter } from '../../../core/charter';

export const SAMPLE = readFileSync(path.join(__dirname, 'sample.yaml'), 'utf8');

/** The sample with one change; a change that changes nothing would make a test that cannot fail. */
export function changed(from: string | RegExp, to: string, text = SAMPLE): string {
  const result = text.replace(from, to);
  if (result === text) throw new Error(`${String(from)} is not in the sample`);
  return result;
}

export function accepted(text: string, options?: ParseOptions): Charter {
  const result = parseCharter(text, 'usecase.yaml', options);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.charter;
}

export function refused(text: string, options?: ParseOptions): Problem[] {
  const result = parseCharter(text, 'usecase.yaml', options);
  if (result.ok) throw new Error('the charter was accepted');
  return result.problems;
}
