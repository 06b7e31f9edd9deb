export interface AslState {
  Type: string;
  Next?: string;
  End?: boolean;
  Default?: string;
  Resource?: string;
  Choices?: { Condition: string; Next: string; Assign?: Record<string, unknown> }[];
  Catch?: { ErrorEquals: string[]; Next: string; Assign?: Record<string, string> }[];
  Retry?: { ErrorEquals: string[]; MaxAttempts: number }[];
  HeartbeatSeconds?: number;
  TimeoutSeconds?: number | string;
  ItemProcessor?: { StartAt: string; States: Record<string, AslState> };
  Arguments?: unknown;
  Assign?: Record<string, unknown>;
}

export interface Asl {
  QueryLanguage: string;
  StartAt: string;
  States: Record<string, AslState>;
}

export const targetsOf = (state: AslState): string[] =>
  [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map((choice) => choice.Next),
    ...(state.Catch ?? []).map((catcher) => catcher.Next),
  ].filter((name): name is string => name !== undefined);

export function reachable(machine: Asl): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const state = machine.States[name];
    if (state !== undefined) targetsOf(state).forEach(visit);
  };
  visit(machine.StartAt);
  return seen;
}
