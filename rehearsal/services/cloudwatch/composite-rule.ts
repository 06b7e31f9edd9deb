import { AwsError } from '../../cloud/types';
import type { AlarmState } from './missing-data';

export type Rule =
  | { kind: 'state'; state: AlarmState; alarm: string }
  | { kind: 'constant'; value: boolean }
  | { kind: 'not'; rule: Rule }
  | { kind: 'and' | 'or'; left: Rule; right: Rule };

const TOKEN = /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|([^\s()"]+))\s*\)|(AND|OR|NOT|TRUE|FALSE|\(|\)))/y;

type Token = { state: AlarmState; alarm: string } | { word: string };

function tokenise(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = source.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new AwsError(
        'ValidationError',
        `AlarmRule "${source}" cannot be read at character ${from + 1}: "${text.slice(from, from + 20)}".`,
      );
    const [, state, quoted, plain, word] = match;
    tokens.push(word === undefined ? { state: state as AlarmState, alarm: quoted?.replace(/\\(.)/g, '$1') ?? plain! } : { word });
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
      `AlarmRule "${source}" is not a complete expression of ALARM(), OK(), INSUFFICIENT_DATA(), AND, OR and NOT.`,
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
    return { kind: 'state', ...token };
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
