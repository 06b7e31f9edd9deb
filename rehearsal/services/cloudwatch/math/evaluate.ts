import type { Expression } from './parse';
import { FUNCTIONS, type Scope } from './functions';
import { combineBy } from './operators';
import { asList, mapPoints, wrong, type Value } from './value';

export type EvaluationScope = Omit<Scope, 'evaluate'>;

export function evaluate(expression: Expression, scope: EvaluationScope): Value {
  const full: Scope = { ...scope, evaluate: (inner) => run(inner, full) };
  return run(expression, full);
}

function run(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return scope.lookup(expression.name);
    case 'negate':
      return mapPoints(run(expression.operand, scope), (value) => -value);
    case 'binary':
      return combineBy(expression.operator, run(expression.left, scope), run(expression.right, scope));
    case 'list':
      return { list: expression.items.flatMap((item) => asList(run(item, scope), item.kind === 'id' ? item.name : '')) };
    case 'call':
      return FUNCTIONS[expression.name]!.run(expression.args, scope);
    case 'text':
      throw wrong(`the text "${expression.value}" stands where a value is needed.`);
  }
}
