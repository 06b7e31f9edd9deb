import type { Json } from '../definition';
import { invalid } from '../definition-errors';
import { isIntrinsic, parseIntrinsic } from './intrinsic-parse';
import { parsePath, PathSyntaxError } from './path';
import { referenceSteps } from './reference-path';

/** Runs what parses a path or an intrinsic function, and tells where a text that is neither stands. */
function parsing<T>(what: string, at: string, work: () => T): T {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof PathSyntaxError) throw invalid(`${what}: ${problem.message} at ${at}`);
    throw problem;
  }
}

/** A field that holds a path. */
export function checkPath(at: string, field: string, value: unknown): void {
  const what = `The value for the field '${field}' must be a valid JSONPath`;
  if (typeof value !== 'string') throw invalid(`${what}, got ${JSON.stringify(value)} at ${at}/${field}`);
  parsing(what, `${at}/${field}`, () => parsePath(value));
}

/** A field that holds a path or an intrinsic function. */
export function checkPathOrCall(at: string, field: string, value: unknown): void {
  const what = `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`;
  if (typeof value !== 'string') throw invalid(`${what}, got ${JSON.stringify(value)} at ${at}`);
  parsing(what, at, () => (isIntrinsic(value) ? parseIntrinsic(value) : parsePath(value)));
}

/** A field that names one node. `ofInput`: it must be in the input, as where ResultPath puts the result. */
export function checkReferencePath(at: string, field: string, value: unknown, ofInput = false): void {
  checkPath(at, field, value);
  const path = parsePath(value as string);
  if (referenceSteps(path) === undefined || (ofInput && path.root.kind !== 'input'))
    throw invalid(`The value for the field '${field}' must be a valid Reference Path, got '${path.text}' at ${at}/${field}`);
}

/** Every member of a payload template whose name ends in `.$`. */
export function checkTemplate(at: string, template: Json): void {
  if (typeof template !== 'object' || template === null) return;
  for (const [key, value] of Object.entries(template)) {
    if (Array.isArray(template) || !key.endsWith('.$')) checkTemplate(`${at}/${key}`, value);
    else {
      checkPathOrCall(`${at}`, key, value);
      if (key.slice(0, -2) in template) throw invalid(`'${key.slice(0, -2)}' and '${key}' stand side by side at ${at}`);
    }
  }
}
