import type { Json } from '../definition';
import type { Path, Segment } from './path';

/** Where ResultPath cannot be applied to the input. */
export class ReferencePathError extends Error {
  override readonly name = 'ReferencePathError';
}

type Step = string | number;

/** The steps of a path that names one node by names and indexes only; undefined where it is none. */
export function referenceSteps(path: Path): Step[] | undefined {
  const steps: Step[] = [];
  for (const segment of path.segments) {
    const step = stepOf(segment);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}

function stepOf(segment: Segment): Step | undefined {
  if (segment.kind === 'names' && segment.names.length === 1) return segment.names[0];
  if (segment.kind === 'indexes' && segment.indexes.length === 1) return (segment.indexes[0] ?? -1) < 0 ? undefined : segment.indexes[0];
  return undefined;
}

/** The document with the value at the path; what lies on the way is made where it is missing. The document itself stays as it is. */
export function inject(document: Json, path: Path, value: Json): Json {
  return put(document, referenceSteps(path) ?? [], value, path, document);
}

function put(node: Json | undefined, steps: readonly Step[], value: Json, path: Path, whole: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const impossible = (): ReferencePathError =>
    new ReferencePathError(`Unable to apply ReferencePath ${path.text} to input ${JSON.stringify(whole)}`);
  if (typeof step === 'number') {
    if (!Array.isArray(node) || step >= node.length) throw impossible();
    return node.map((item, index) => (index === step ? put(item, rest, value, path, whole) : item));
  }
  if (node === undefined) return { [step]: put(undefined, rest, value, path, whole) };
  if (typeof node !== 'object' || node === null || Array.isArray(node)) throw impossible();
  return { ...node, [step]: put(Object.hasOwn(node, step) ? node[step] : undefined, rest, value, path, whole) };
}
