import type { State } from './definition';
import { invalid } from './definition-errors';
import { eachExpression } from './jsonata';

const WITH_RESULT = ['Task', 'Map', 'Parallel'];

/** AWS refuses `$states.result` and `$states.errorOutput` where they have no value. */
export function checkStatesVariable(at: string, state: State): void {
  for (const [field, value] of Object.entries(state)) {
    if (field === 'Branches' || field === 'ItemProcessor') continue;
    const hasResult = WITH_RESULT.includes(state.Type) && (field === 'Output' || field === 'Assign');
    eachExpression(value, field, (text, place) => {
      if (!hasResult && /\$states\.result\b/.test(text))
        throw invalid(`$states.result is there in Output and Assign of a ${WITH_RESULT.join(', ')} only, not at ${at}/${place}`);
      if (/\$states\.errorOutput\b/.test(text) && !/^Catch\/\d+\/(Assign|Output)(\/|$)/.test(place))
        throw invalid(`$states.errorOutput is there in Output and Assign of a Catch only, not at ${at}/${place}`);
    });
  }
}
