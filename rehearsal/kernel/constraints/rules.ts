import type { ConstraintExtract, ConstraintShape } from './extract';

/** A shape's constraints, ready to run: `holds` is cheap and says only whether, `problems` says what is wrong, as AWS words it. */
export interface Rule {
  holds(value: unknown): boolean;
  problems(value: unknown, path: string, found: string[]): void;
}

/** What is asked of a single value, as one sentence after "failed to satisfy constraint:". */
interface Demand {
  text: string;
  holds(value: unknown): boolean;
}

type Parts = Record<string, unknown>;

/** Rules of one service by the shape's name; shapes may hold themselves. */
export class RuleBook {
  private readonly rules = new Map<string, Rule>();

  constructor(private readonly extract: ConstraintExtract) {}

  rule(name: string): Rule {
    const known = this.rules.get(name);
    if (known !== undefined) return known;
    const shape = this.extract.shapes[name];
    if (shape === undefined) throw new TypeError(`The extract of constraints names the shape "${name}" and does not hold it.`);
    // Entered before its parts are read: a shape that holds itself finds itself.
    const rule: Rule = { holds: () => true, problems: () => undefined };
    this.rules.set(name, rule);
    return Object.assign(rule, this.compile(shape));
  }

  private compile(shape: ConstraintShape): Rule {
    const own = ownRule(demandsOf(shape), shape.sensitive === true);
    if (shape.members !== undefined) return this.structure(shape.members);
    if (shape.list !== undefined) return shape.list === '' ? own : this.list(own, shape.list);
    if (shape.map !== undefined) return this.map(own, shape.map);
    return own;
  }

  private structure(members: Readonly<Record<string, string>>): Rule {
    const names = Object.keys(members);
    const rules = names.map((name) => this.rule(members[name]!));
    return {
      holds(value) {
        for (let index = 0; index < names.length; index += 1) {
          const part = (value as Parts)[names[index]!];
          if (part !== undefined && part !== null && !rules[index]!.holds(part)) return false;
        }
        return true;
      },
      problems(value, path, found) {
        for (const [index, name] of names.entries()) {
          const part = (value as Parts)[name];
          const step = name.charAt(0).toLowerCase() + name.slice(1);
          if (part !== undefined && part !== null) rules[index]!.problems(part, path === '' ? step : `${path}.${step}`, found);
        }
      },
    };
  }

  private list(own: Rule, itemName: string): Rule {
    const item = this.rule(itemName);
    const simple = this.simpleDemands(itemName);
    return {
      holds(value) {
        if (!own.holds(value)) return false;
        for (const part of value as unknown[]) if (part !== null && !item.holds(part)) return false;
        return true;
      },
      problems(value, path, found) {
        own.problems(value, path, found);
        if (simple !== undefined) {
          if (!(value as unknown[]).every((part) => item.holds(part)))
            found.push(problem(value, path, `Member must satisfy constraint: ${simple}`));
          return;
        }
        for (const [index, part] of (value as unknown[]).entries()) item.problems(part, `${path}.${index + 1}.member`, found);
      },
    };
  }

  private map(own: Rule, [keyName, valueName]: readonly [string, string]): Rule {
    const key = keyName === '' ? undefined : this.rule(keyName);
    const entry = valueName === '' ? undefined : this.rule(valueName);
    const keyDemands = keyName === '' ? undefined : this.simpleDemands(keyName);
    const valueDemands = valueName === '' ? undefined : this.simpleDemands(valueName);
    return {
      holds(value) {
        if (!own.holds(value)) return false;
        for (const name in value as Parts) {
          if (key !== undefined && !key.holds(name)) return false;
          const part = (value as Parts)[name];
          if (entry !== undefined && part !== undefined && part !== null && !entry.holds(part)) return false;
        }
        return true;
      },
      problems(value, path, found) {
        own.problems(value, path, found);
        const names = Object.keys(value as Parts);
        if (key !== undefined && !names.every((name) => key.holds(name)))
          found.push(problem(value, path, `Map keys must satisfy constraint: ${keyDemands}`));
        if (entry === undefined) return;
        if (valueDemands === undefined) for (const name of names) entry.problems((value as Parts)[name], `${path}.${name}.member`, found);
        else if (!names.every((name) => entry.holds((value as Parts)[name])))
          found.push(problem(value, path, `Map value must satisfy constraint: ${valueDemands}`));
      },
    };
  }

  /** A simple shape's demands in one bracket; undefined for shapes with parts, whose problems are named one by one. */
  private simpleDemands(name: string): string | undefined {
    const shape = this.extract.shapes[name]!;
    if (shape.members !== undefined || shape.list !== undefined || shape.map !== undefined) return undefined;
    return `[${demandsOf(shape)
      .map(({ text }) => text)
      .join(', ')}]`;
  }
}

function ownRule(demands: readonly Demand[], sensitive: boolean): Rule {
  const [only] = demands;
  return {
    holds: demands.length === 1 && only !== undefined ? only.holds : (value) => demands.every((demand) => demand.holds(value)),
    problems(value, path, found) {
      for (const demand of demands) if (!demand.holds(value)) found.push(problem(sensitive ? undefined : value, path, demand.text));
    },
  };
}

/** In the order in which AWS lists them. */
function demandsOf({ length, range, enum: values, pattern, js }: ConstraintShape): Demand[] {
  const demands: Demand[] = [];
  if (length !== undefined) demands.push(...lengthDemands(length));
  if (range !== undefined) demands.push(...rangeDemands(range));
  if (pattern !== undefined) {
    // A pattern speaks of the whole text.
    const whole = new RegExp(`^(?:${js?.source ?? pattern})$`, js?.flags ?? '');
    demands.push({ text: `Member must satisfy regular expression pattern: ${pattern}`, holds: (value) => whole.test(value as string) });
  }
  if (values !== undefined) {
    const allowed = new Set(values);
    demands.push({ text: `Member must satisfy enum value set: [${values.join(', ')}]`, holds: (value) => allowed.has(value as string) });
  }
  return demands;
}

function lengthDemands([min, max]: readonly [number | null, number | null]): Demand[] {
  const demands: Demand[] = [];
  if (max !== null)
    demands.push({
      text: `Member must have length less than or equal to ${max}`,
      // A character beyond the basic plane counts once, and takes two units: counted only where that decides.
      holds: (value) => lengthOf(value) <= max || (typeof value === 'string' && value.length <= 2 * max && [...value].length <= max),
    });
  if (min !== null)
    demands.push({ text: `Member must have length greater than or equal to ${min}`, holds: (value) => lengthOf(value) >= min });
  return demands;
}

function rangeDemands([min, max]: readonly [number | null, number | null]): Demand[] {
  const demands: Demand[] = [];
  if (max !== null) demands.push({ text: `Member must have value less than or equal to ${max}`, holds: (value) => Number(value) <= max });
  if (min !== null)
    demands.push({ text: `Member must have value greater than or equal to ${min}`, holds: (value) => Number(value) >= min });
  return demands;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.keys(value as object).length;
}

function problem(value: unknown, path: string, text: string): string {
  const quoted = quote(value);
  return `Value ${quoted === undefined ? '' : `'${quoted}' `}at '${path}' failed to satisfy constraint: ${text}`;
}

/** Bytes, and what has parts of its own, are not quoted. */
function quote(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.every(isPlain) ? `[${value.join(', ')}]` : undefined;
  if (isPlain(value)) return String(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  const parts = Object.entries(value);
  return parts.every(([, part]) => isPlain(part)) ? `{${parts.map(([name, part]) => `${name}=${String(part)}`).join(', ')}}` : undefined;
}

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
