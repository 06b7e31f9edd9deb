import { AwsError } from '../../cloud/types';
import type { Flow } from './definition';
import { invalid } from './definition-errors';

const LONGEST_NAME = 80;

/** A state's name is its own in the whole machine, whatever Parallel or Map it stands in. */
export function checkNames(at: string, flow: Flow, taken = new Set<string>()): void {
  for (const [name, state] of Object.entries(flow.States)) {
    const place = `${at}/States/${name}`;
    if (name.length > LONGEST_NAME) throw invalid(`a state's name has at most ${LONGEST_NAME} characters, got '${name}' at ${at}`);
    if (taken.has(name))
      throw new AwsError(
        'InvalidDefinition',
        `Invalid State Machine Definition: 'DUPLICATE_STATE_NAME: Duplicate State name: ${name} at ${place}'`,
      );
    taken.add(name);
    state.Branches?.forEach((branch, index) => checkNames(`${place}/Branches[${index}]`, branch, taken));
    if (state.ItemProcessor !== undefined) checkNames(`${place}/ItemProcessor`, state.ItemProcessor, taken);
  }
}
