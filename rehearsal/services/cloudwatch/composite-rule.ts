import { AwsError } from '../../cloud/types';
import type { AlarmState } from './missing-data';

export type Rule =
  | { kind: 'state'; state: AlarmState; alarm: string }
  | { kind: 'at-least'; count: number; state: AlarmState; negated: boolean; alarms: string[] }
  | { kind: 'constant'; value: boolean }
  | { kind: 'not'; rule: Rule }
  | { kind: 'and' | 'or'; left: Rule; right: Rule };

const NAME = String.raw`(?:"((?:[^"\\]|\\.)*)"|([^\s()",]+))`;
const TOKEN = new RegExp(String.raw`\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*${NAME}\s*\)|(AND|OR|NOT|TRUE|FALSE)\b|([()]))`, 'y');
const AT_LEAST = /\s*AT_LEAST\s*\(\s*(\d+)(%?)\s*,\s*(NOT\s+)?(ALARM|OK|INSUFFICIENT_DATA)\s*,\s*\(([^()]*)\)\s*\)/y;
const LISTED = new RegExp(String.raw`\s*${NAME}\s*(,|$)`, 'y');

type Token = { rule: Rule } | { word: string };

const plain = (quoted: string | undefined, bare: string | undefined): string => quoted?.replace(/\\(.)/g, '$1') ?? bare!;

const unreadable = (source: string, from: number): AwsError =>
  new AwsError('ValidationError', `AlarmRule "${source}" cannot be read at character ${from + 1}: "${source.slice(from, from + 20)}".`);

function listed(source: string, text: string, from: number): string[] {
  const alarms: string[] = [];
  LISTED.lastIndex = 0;
  let more = true;
  while (more) {
    const match = LISTED.exec(text);
    if (match === null) throw unreadable(source, from);
    alarms.push(plain(match[1], match[2]));
    more = match[3] === ',';
  }
  return alarms;
}

/** `AT_LEAST(2, ALARM, (a, b, c))`, `AT_LEAST(60%, NOT OK, ("a", "b"))`. */
function readAtLeast(source: string, match: RegExpExecArray): Rule {
  const [, number, percent, not, state, list] = match;
  const alarms = listed(source, list!, match.index);
  const threshold = Number(number);
  const most = percent === '%' ? 100 : alarms.length;
  if (threshold < 1 || threshold > most)
    throw new AwsError('ValidationError', `AlarmRule "${source}": AT_LEAST takes 1 to ${most}${percent}, got ${threshold}${percent}.`);
  const count = percent === '%' ? Math.ceil((threshold * alarms.length) / 100 - 1e-9) : threshold;
  return { kind: 'at-least', count, state: state as AlarmState, negated: not !== undefined, alarms };
}

function tokenise(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  let position = 0;
  while (position < text.length) {
    AT_LEAST.lastIndex = position;
    const atLeast = AT_LEAST.exec(text);
    if (atLeast !== null) {
      tokens.push({ rule: readAtLeast(source, atLeast) });
      position = AT_LEAST.lastIndex;
      continue;
    }
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) throw unreadable(source, position);
    const [, state, quoted, bare, word, sign] = match;
    const token = word ?? sign;
    tokens.push(
      token === undefined ? { rule: { kind: 'state', state: state as AlarmState, alarm: plain(quoted, bare) } } : { word: token },
    );
    position = TOKEN.lastIndex;
  }
  return tokens;
}

/** Reads the rule expression of a composite alarm. */
export function parseRule(source: string): Rule {
  const tokens = tokenise(source);
  let position = 0;
  const problem = (): AwsError =>
    new AwsError(
      'ValidationError',
      `AlarmRule "${source}" is not a complete expression of ALARM(), OK(), INSUFFICIENT_DATA(), AT_LEAST(), AND, OR and NOT.`,
    );
  const accept = (word: string): boolean => {
    const token = tokens[position];
    const found = token !== undefined && 'word' in token && token.word === word;
    if (found) position += 1;
    return found;
  };
  const primary = (): Rule => {
    if (accept('NOT')) return { kind: 'not', rule: primary() };
    if (accept('TRUE')) return { kind: 'constant', value: true };
    if (accept('FALSE')) return { kind: 'constant', value: false };
    if (accept('(')) {
      const inner = either();
      if (!accept(')')) throw problem();
      return inner;
    }
    const token = tokens[position];
    if (token === undefined || 'word' in token) throw problem();
    position += 1;
    return token.rule;
  };
  const both = (): Rule => {
    let left = primary();
    while (accept('AND')) left = { kind: 'and', left, right: primary() };
    return left;
  };
  const either = (): Rule => {
    let left = both();
    while (accept('OR')) left = { kind: 'or', left, right: both() };
    return left;
  };
  const rule = either();
  if (position < tokens.length) throw problem();
  return rule;
}

/** Names or ARNs of the alarms that a rule watches. */
export function alarmsIn(rule: Rule): string[] {
  switch (rule.kind) {
    case 'state':
      return [rule.alarm];
    case 'at-least':
      return [...new Set(rule.alarms)];
    case 'constant':
      return [];
    case 'not':
      return alarmsIn(rule.rule);
    default:
      return [...new Set([...alarmsIn(rule.left), ...alarmsIn(rule.right)])];
  }
}

export function holds(rule: Rule, stateOf: (alarm: string) => AlarmState): boolean {
  switch (rule.kind) {
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'at-least':
      return rule.alarms.filter((alarm) => (stateOf(alarm) === rule.state) !== rule.negated).length >= rule.count;
    case 'constant':
      return rule.value;
    case 'not':
      return !holds(rule.rule, stateOf);
    case 'and':
      return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case 'or':
      return holds(rule.left, stateOf) || holds(rule.right, stateOf);
  }
}
