import { AwsError } from '../../../cloud/types';

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'id'; name: string }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'negate'; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'call'; name: string; args: Expression[] };

/** Weakest first. */
const LEVELS = [['||', 'OR'], ['&&', 'AND'], ['==', '!=', '<', '<=', '>', '>='], ['+', '-'], ['*', '/'], ['^']];
const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|("[^"]*"|'[^']*')|([A-Za-z_]\w*)|(\|\||&&|==|!=|<=|>=|[-+*/^<>(),[\]]))/y;

interface Token {
  kind: 'number' | 'text' | 'word' | 'sign' | 'end';
  text: string;
}

/** Reads a metric math expression. */
export function parseExpression(source: string): Expression {
  const parser = new Parser(source);
  const expression = parser.level(0);
  parser.expect('end', '');
  return expression;
}

class Parser {
  private readonly tokens: Token[];
  private position = 0;

  constructor(private readonly source: string) {
    this.tokens = this.tokenise();
  }

  level(index: number): Expression {
    const operators = LEVELS[index];
    if (operators === undefined) return this.unary();
    let left = this.level(index + 1);
    for (let operator = this.operatorAmong(operators); operator !== undefined; operator = this.operatorAmong(operators)) {
      left = { kind: 'binary', operator, left, right: this.level(index + 1) };
    }
    return left;
  }

  expect(kind: Token['kind'], text: string): Token {
    const token = this.peek();
    if (token.kind !== kind || (text !== '' && token.text !== text)) throw this.problem(text === '' ? kind : text);
    this.position += 1;
    return token;
  }

  private operatorAmong(operators: string[]): string | undefined {
    const { kind, text } = this.peek();
    const operator = text;
    if ((kind !== 'sign' && kind !== 'word') || !operators.includes(operator)) return undefined;
    this.position += 1;
    return operator === 'OR' ? '||' : operator === 'AND' ? '&&' : operator;
  }

  private unary(): Expression {
    if (this.accept('-')) return { kind: 'negate', operand: this.unary() };
    return this.primary();
  }

  private primary(): Expression {
    const token = this.peek();
    this.position += 1;
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text.slice(1, -1) };
    if (token.kind === 'word')
      return this.accept('(') ? { kind: 'call', name: token.text, args: this.items(')') } : { kind: 'id', name: token.text };
    if (token.kind === 'sign' && token.text === '[') return { kind: 'list', items: this.items(']') };
    if (token.kind === 'sign' && token.text === '(') {
      const inner = this.level(0);
      this.expect('sign', ')');
      return inner;
    }
    this.position -= 1;
    throw this.problem('a value');
  }

  private items(closing: string): Expression[] {
    const items: Expression[] = [];
    if (this.accept(closing)) return items;
    do items.push(this.level(0));
    while (this.accept(','));
    this.expect('sign', closing);
    return items;
  }

  private accept(sign: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== 'sign' || text !== sign) return false;
    this.position += 1;
    return true;
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '' };
  }

  private tokenise(): Token[] {
    const tokens: Token[] = [];
    TOKEN.lastIndex = 0;
    const source = this.source.trimEnd();
    while (TOKEN.lastIndex < source.length) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(source);
      if (match === null)
        throw new AwsError(
          'ValidationError',
          `Metric math "${this.source}" cannot be read at character ${from + 1}: "${source.slice(from, from + 12)}".`,
        );
      const [, number, text, word, sign] = match;
      if (number !== undefined) tokens.push({ kind: 'number', text: number });
      else if (text !== undefined) tokens.push({ kind: 'text', text });
      else if (word !== undefined) tokens.push({ kind: 'word', text: word });
      else tokens.push({ kind: 'sign', text: sign! });
    }
    return tokens;
  }

  private problem(wanted: string): AwsError {
    const { kind, text } = this.peek();
    return new AwsError(
      'ValidationError',
      `Metric math "${this.source}": expected ${wanted}, found ${kind === 'end' ? 'the end' : `"${text}"`}.`,
    );
  }
}
