import { AwsError } from '../../cloud/types';
import type { Flow, State } from './definition';

function targetsOf(state: State): string[] {
  const rules = [...(state.Catch ?? []), ...(state.Choices ?? [])];
  return [state.Next, state.Default, ...rules.map(({ Next: next }) => next)].filter((name) => name !== undefined);
}

/** AWS refuses a state that nothing leads to. */
export function checkReachable(at: string, flow: Flow): void {
  const seen = new Set<string>();
  const open = [flow.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = flow.States[name];
    if (state === undefined || seen.has(name)) continue;
    seen.add(name);
    open.push(...targetsOf(state));
  }
  const lost = Object.keys(flow.States).find((name) => !seen.has(name));
  if (lost !== undefined)
    throw new AwsError(
      'InvalidDefinition',
      `Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: State "${lost}" is not reachable. at ${at}/States/${lost}'`,
    );
}
