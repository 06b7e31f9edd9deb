import { AwsError, UnsupportedError } from '../../cloud/types';

export interface TargetInput {
  Input?: string;
  InputPath?: string;
  InputTransformer?: { InputPathsMap?: Record<string, string>; InputTemplate: string };
}

const STEP = /^(?:\.([A-Za-z0-9_-]+)|\[(\d+)\]|\[(?:"([^"]+)"|'([^']+)')\])/;

/** The keys of a path such as `$.detail.items[0]['my-key']`. */
export function parsePath(path: string): (string | number)[] {
  if (!path.startsWith('$')) throw new AwsError('ValidationException', `Invalid path '${path}': a path starts with $`);
  const keys: (string | number)[] = [];
  let rest = path.slice(1);
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null)
      throw new UnsupportedError(`Path ${path} of an event rule's target is not supported by the rehearsal; members and indexes are`);
    keys.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
    rest = rest.slice(match[0].length);
  }
  return keys;
}

function valueAt(event: unknown, path: string): unknown {
  let value = event;
  for (const key of parsePath(path))
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
  return value;
}

export interface RuleFacts {
  ruleArn: string;
  ruleName: string;
  ingestionTime: string;
}

function reserved(name: string, event: unknown, facts: RuleFacts): unknown {
  const envelope = Object.fromEntries(Object.entries(event as object).filter(([member]) => member !== 'detail'));
  const values: Record<string, unknown> = {
    'aws.events.rule-arn': facts.ruleArn,
    'aws.events.rule-name': facts.ruleName,
    'aws.events.event.ingestion-time': facts.ingestionTime,
    'aws.events.event.json': event,
    'aws.events.event': envelope,
  };
  return values[name];
}

/** Inside a JSON text a value stands as text; outside of one it stands as JSON. */
function insert(value: unknown, insideText: boolean): string {
  if (!insideText) return value === undefined ? 'null' : JSON.stringify(value);
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

function transform(event: unknown, transformer: NonNullable<TargetInput['InputTransformer']>, facts: RuleFacts): string {
  const { InputTemplate: template, InputPathsMap: paths = {} } = transformer;
  let result = '';
  let insideText = false;
  for (let at = 0; at < template.length; at += 1) {
    const letter = template.charAt(at);
    const name = letter === '<' ? /^<([A-Za-z0-9_.-]+)>/.exec(template.slice(at)) : null;
    if (name !== null) {
      const [whole, variable = ''] = name;
      const path = paths[variable];
      result += insert(path === undefined ? reserved(variable, event, facts) : valueAt(event, path), insideText);
      at += whole.length - 1;
      continue;
    }
    if (letter === '"') insideText = !insideText;
    if (letter === '\\' && insideText) {
      at += 1;
      result += letter + template.charAt(at);
    } else result += letter;
  }
  return result;
}

/** What a target receives for an event: text, as a rule JSON. */
export function targetPayload(event: unknown, target: TargetInput, facts: RuleFacts): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath) ?? null);
  if (target.InputTransformer !== undefined) return transform(event, target.InputTransformer, facts);
  return JSON.stringify(event);
}

/** Refuses at load what would fail at the first event. */
export function checkTargetInput(target: TargetInput): void {
  const given = (['Input', 'InputPath', 'InputTransformer'] as const).filter((field) => target[field] !== undefined);
  if (given.length > 1)
    throw new AwsError(
      'ValidationException',
      `Only one of Input, InputPath, or InputTransformer must be provided, got ${given.join(', ')}`,
    );
  if (target.InputPath !== undefined) parsePath(target.InputPath);
  for (const path of Object.values(target.InputTransformer?.InputPathsMap ?? {})) parsePath(path);
}
