import type { State } from './definition';
import { invalid } from './definition-errors';
import { compile, eachExpression } from './jsonata';

const WITH_RESULT = ['Task', 'Map', 'Parallel'];

/** A node of a parsed expression, as far as it is looked at here. */
interface Node {
  type?: unknown;
  value?: unknown;
  steps?: Node[];
}

/** Whether the expression, text in quotes aside, reads this member of `$states`. */
function reads(text: string, member: string): boolean {
  return text.includes(member) && includesPath(compile(text).ast(), member);
}

function includesPath(node: unknown, member: string): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some((item) => includesPath(item, member));
  const [first, second] = (node as Node).steps ?? [];
  if (first?.type === 'variable' && first.value === 'states' && second?.type === 'name' && second.value === member) return true;
  return Object.values(node).some((item) => includesPath(item, member));
}

/** AWS refuses `$states.result` and `$states.errorOutput` where they have no value. */
export function checkStatesVariable(at: string, state: State): void {
  for (const [field, value] of Object.entries(state)) {
    if (field === 'Branches' || field === 'ItemProcessor') continue;
    const hasResult = WITH_RESULT.includes(state.Type) && (field === 'Output' || field === 'Assign');
    eachExpression(value, field, (text, place) => {
      if (!hasResult && reads(text, 'result'))
        throw invalid(`$states.result is there in Output and Assign of a ${WITH_RESULT.join(', ')} only, not at ${at}/${place}`);
      if (!/^Catch\/\d+\/(Assign|Output)(\/|$)/.test(place) && reads(text, 'errorOutput'))
        throw invalid(`$states.errorOutput is there in Output and Assign of a Catch only, not at ${at}/${place}`);
    });
  }
}
