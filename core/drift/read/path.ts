import { search } from 'jmespath';
import { WRONG_TYPE } from '../types';

/** Finds a value in a body that was parsed. Undefined or null: it is not there. */
export type Find = (body: unknown) => unknown;

const STEP = /(?:^|\.)([A-Za-z_][A-Za-z0-9_]*|"[^"\\]+")|\[(-?\d+)\]/y;
const CONVERTED = /^to_number\((.+)\)$/;

/** A JMESPath. Plain ones, such as `a.b[0].c`, are walked by hand: the library parses its expression anew for every row. */
export function findIn(path: string, isColumn = false): Find {
  if (path === '@') return (body) => body;
  if (/^\d+$/.test(path)) return walked([Number(path)]);
  const inner = CONVERTED.exec(path)?.[1];
  const innerSteps = inner === undefined ? undefined : stepsOf(inner);
  if (innerSteps !== undefined) return converted(walked(innerSteps));
  const steps = stepsOf(path);
  if (steps !== undefined) return walked(steps);
  const mistake = mistakeIn(path);
  // Names of columns may hold any sign.
  if (mistake !== undefined && isColumn) return walked([path]);
  if (mistake !== undefined) throw new Error(`'${path}' is no JMESPath (${mistake}): give one such as customer.age or scores[0].value`);
  return (body) => {
    try {
      return search(body, path) as unknown;
    } catch {
      // A function that does not fit what it finds.
      return WRONG_TYPE;
    }
  };
}

function mistakeIn(path: string): string | undefined {
  try {
    search({}, path);
    return undefined;
  } catch (error) {
    // A function that finds nothing to work on is no mistake in the expression.
    const { message } = error as Error;
    return message.startsWith('TypeError') ? undefined : message;
  }
}

/** Names of the steps of a path that leads through objects alone; undefined for other paths. */
export function namesOf(path: string): string[] | undefined {
  const steps = path === '@' ? undefined : stepsOf(path);
  return steps?.every((step) => typeof step === 'string') === true ? steps : undefined;
}

function stepsOf(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  for (let match = STEP.exec(path); match !== null; match = STEP.exec(path)) {
    const [, name, index] = match;
    steps.push(name === undefined ? Number(index) : name.startsWith('"') ? name.slice(1, -1) : name);
    if (STEP.lastIndex === path.length) return steps;
  }
  return undefined;
}

function walked(steps: (string | number)[]): Find {
  const [only] = steps;
  if (steps.length === 1 && typeof only === 'string') return single(only);
  return (body) => {
    let value = body;
    for (const step of steps) {
      value = typeof step === 'string' ? member(value, step) : Array.isArray(value) ? (value.at(step) as unknown) : undefined;
      if (value === undefined) return undefined;
    }
    return value;
  };
}

/** Most paths are one name. */
function single(name: string): Find {
  if (name in Object.prototype) return (body) => member(body, name);
  // No object inherits it: looking it up is enough, and quicker. An array's length is no member.
  return (body) =>
    typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>)[name] : undefined;
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

function converted(find: Find): Find {
  return (body) => {
    const value = find(body);
    if (typeof value !== 'string') return typeof value === 'number' ? value : undefined;
    const number = Number(value);
    return Number.isNaN(number) ? undefined : number;
  };
}
