import type { Random } from '../../../cloud/types';
import type { Json } from '../definition';
import { callIntrinsic, IntrinsicError } from './intrinsics';
import { isIntrinsic, parseIntrinsic, type Argument, type IntrinsicCall } from './intrinsic-parse';
import { parsePath, type Path } from './path';
import { evaluatePath, PathNotFoundError } from './path-evaluate';

/** What paths are read from. */
export interface Sources {
  /** `$`. */
  input: Json;
  /** `$$`. */
  context: Json;
  variables: Record<string, Json>;
  random: Random;
}

/** A path that names nothing, or a variable that nothing assigned, in the field of a payload template. */
export class FieldPathError extends Error {
  override readonly name = 'FieldPathError';
}

/** An intrinsic function that fails on its arguments. */
export class FieldFunctionError extends Error {
  override readonly name = 'FieldFunctionError';
}

/** What the path starts at. */
function rootOf(path: Path, sources: Sources): Json {
  if (path.root.kind === 'input') return sources.input;
  if (path.root.kind === 'context') return sources.context;
  const { name } = path.root;
  if (Object.hasOwn(sources.variables, name)) return sources.variables[name] as Json;
  throw new PathNotFoundError(`The variable '${name}' has not been assigned`);
}

/** Throws PathNotFoundError. */
export function readPath(text: string, sources: Sources): Json {
  const path = parsePath(text);
  return evaluatePath(path, rootOf(path, sources));
}

/** A payload template: members whose name ends in `.$` hold a path or an intrinsic function, all others stand for themselves. */
export function evaluateTemplate(template: Json, sources: Sources): Json {
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((item) => evaluateTemplate(item, sources));
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(template)) {
    if (key.endsWith('.$')) result[key.slice(0, -2)] = evaluateField(value as string, key, sources);
    else result[key] = evaluateTemplate(value, sources);
  }
  return result;
}

/** A path or an intrinsic function; `field` names it in errors. */
export function evaluateField(text: string, field: string, sources: Sources): Json {
  return isIntrinsic(text) ? evaluateCall(parseIntrinsic(text), text, sources) : fieldPath(parsePath(text), field, sources);
}

function fieldPath(path: Path, field: string, sources: Sources): Json {
  if (path.root.kind === 'input' && sources.input === null)
    throw new FieldPathError('Unable to apply Path transformation to null or empty input.');
  try {
    return evaluatePath(path, rootOf(path, sources));
  } catch (failure) {
    if (!(failure instanceof PathNotFoundError)) throw failure;
    // An element behind the end of its array is null here, and nowhere else.
    if (failure.behindEnd) return null;
    const { kind } = path.root;
    const data = kind === 'input' ? sources.input : kind === 'context' ? sources.context : sources.variables;
    throw new FieldPathError(
      `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(data)}'`,
    );
  }
}

/** `whole`: the call that is written in the field, which errors name whatever inner call fails. */
function evaluateCall(call: IntrinsicCall, whole: string, sources: Sources): Json {
  const args = call.args.map((argument) => evaluateArgument(argument, whole, sources));
  const [first] = call.args;
  try {
    return callIntrinsic(call.name, args, sources.random, first?.kind === 'literal' ? first.raw : undefined);
  } catch (failure) {
    if (!(failure instanceof IntrinsicError)) throw failure;
    throw new FieldFunctionError(`The function '${whole}' had the following error: ${failure.message}`);
  }
}

function evaluateArgument(argument: Argument, whole: string, sources: Sources): Json {
  if (argument.kind === 'literal') return argument.value;
  if (argument.kind === 'call') return evaluateCall(argument.call, whole, sources);
  const { path } = argument;
  try {
    return evaluatePath(path, rootOf(path, sources));
  } catch (failure) {
    if (!(failure instanceof PathNotFoundError)) throw failure;
    // AWS shows a path into the context object as one into the input.
    const shown = path.root.kind === 'context' ? path.text.slice(1) : path.text;
    const reason = failure.wrongKind
      ? failure.message
      : `The JsonPath argument for the field '${shown}' could not be found in the input '${JSON.stringify(sources.input)}'`;
    throw new FieldPathError(`The function '${whole}' had the following error: ${reason}`);
  }
}
