import type { Flow } from './definition';
import { invalid } from './definition-errors';

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const LONGEST_NAME = 80;

function assignsOf(parts: readonly { Assign?: Record<string, unknown> }[]): string[] {
  // A JSONPath state marks a path with `.$` behind the name.
  return parts.flatMap(({ Assign: assign }) => Object.keys(assign ?? {})).map((key) => key.replace(/\.\$$/, ''));
}

/** Names are well formed, and no inner scope assigns what a state around it assigns. AWS lets a Catch around it assign the same name. */
export function checkVariables(at: string, flow: Flow, outer: ReadonlySet<string>): void {
  const own = new Set(outer);
  for (const [name, state] of Object.entries(flow.States)) {
    const place = `${at}/States/${name}`;
    for (const variable of assignsOf([state, ...(state.Choices ?? [])])) {
      checkName(place, variable);
      if (outer.has(variable))
        throw invalid(`variable '${variable}' at ${place}/Assign is assigned in a scope around it as well; give it another name`);
      own.add(variable);
    }
    for (const variable of assignsOf(state.Catch ?? [])) checkName(`${place}/Catch`, variable);
  }
  for (const [name, state] of Object.entries(flow.States)) {
    state.Branches?.forEach((branch, index) => checkVariables(`${at}/States/${name}/Branches[${index}]`, branch, own));
    if (state.ItemProcessor !== undefined) checkVariables(`${at}/States/${name}/ItemProcessor`, state.ItemProcessor, own);
  }
}

function checkName(at: string, name: string): void {
  if (name === 'states') throw invalid(`the variable name 'states' is reserved at ${at}/Assign`);
  if (!NAME.test(name) || name.length > LONGEST_NAME)
    throw invalid(`'${name}' is no variable name: up to ${LONGEST_NAME} letters, digits and _, the first no digit, at ${at}/Assign`);
}
