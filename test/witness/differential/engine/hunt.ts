import fc from 'fast-check';
import type { Difference, Explanation } from './explanation';
import { sameOutcome } from './outcome';
import type { Outcome } from './outcome';
import { run } from './run';
import type { Side } from './sides';

/** One call of a case and what came of it. */
export interface Step {
  operation: string;
  input: unknown;
  outcome: Outcome;
}

export interface Area<Case> {
  name: string;
  cases: fc.Arbitrary<Case>;
  runs: number;
  /** Played first: what generated cases seldom meet. */
  examples?: readonly Case[];
  /** How many cases one example holds; one, unless it says so. */
  countOf?(example: Case): number;
  /** Plays a case against one side. `id` is the case's own, the same on both sides: for names of what it makes. */
  play(side: Side, example: Case, id: string): Promise<Step[]>;
}

export interface Findings {
  cases: number;
  calls: number;
  /** How often each explained difference occurred. */
  explained: Map<Explanation, number>;
  /** The smallest case that nobody explains, in words. */
  unexplained?: string;
}

const { SLUICE_DIFFERENTIAL_SEED: givenSeed, SLUICE_DIFFERENTIAL_TIMES: givenTimes } = process.env;
export const defaultSeed = 20260302;
export const seed = Number(givenSeed ?? defaultSeed);
/** Multiplies every area's number of runs, for longer hunts. */
export const times = Number(givenTimes ?? 1);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
};
const words = (value: unknown): string => JSON.stringify(sorted(value));

function describe(difference: Difference): string {
  const line = (operation: string, input: unknown): string => `  ${operation} ${words(input)}`;
  return [
    ...difference.before.map(({ operation, input, ours }) => `${line(operation, input)}\n    → ${words(ours)}`),
    line(difference.operation, difference.input),
    `    ours:    ${words(difference.ours)}`,
    `    witness: ${words(difference.witness)}`,
  ].join('\n');
}

function* differences(ours: readonly Step[], witness: readonly Step[]): Generator<Difference> {
  for (const [index, step] of ours.entries()) {
    const other = witness[index];
    if (other === undefined)
      throw new Error(`Both sides play the same case, but only ours comes to ${step.operation} ${words(step.input)}.`);
    if (sameOutcome(step.outcome, other.outcome)) continue;
    const before = ours.slice(0, index).map(({ operation, input, outcome }) => ({ operation, input, ours: outcome }));
    yield { operation: step.operation, input: step.input, ours: step.outcome, witness: other.outcome, before };
  }
}

/** Throws the first difference of a case that nobody explains; counts the others. */
function judge(ours: readonly Step[], witness: readonly Step[], explanations: readonly Explanation[], findings: Findings): void {
  for (const difference of differences(ours, witness)) {
    const found = explanations.find((explanation) => explanation.applies(difference));
    if (found === undefined) throw new Error(describe(difference));
    findings.explained.set(found, (findings.explained.get(found) ?? 0) + 1);
    if (found.endsCase === true) return;
  }
}

let examples = 0;

/** Plays an area's generated cases against both sides and keeps what differs, shrunk to the smallest case. */
export async function hunt<Case>(
  area: Area<Case>,
  sides: { ours: Side; witness: Side },
  explained: readonly Explanation[],
  shrink = true,
): Promise<Findings> {
  const own = explained.filter((explanation) => area.name.startsWith(explanation.area));
  const findings: Findings = { cases: 0, calls: 0, explained: new Map(own.map((explanation) => [explanation, 0])) };
  const play = async (example: Case): Promise<void> => {
    const id = `${area.name.replaceAll(/[^a-z]/g, '-')}-${run}-${(examples += 1)}`;
    findings.cases += area.countOf?.(example) ?? 1;
    const [ours, witness] = await Promise.all([area.play(sides.ours, example, id), area.play(sides.witness, example, id)]);
    findings.calls += ours.length;
    judge(ours, witness, own, findings);
  };
  const details = await fc.check(fc.asyncProperty(area.cases, play), {
    seed,
    numRuns: Math.ceil(area.runs * times),
    endOnFailure: !shrink,
    examples: (area.examples ?? []).map((example): [Case] => [example]),
  });
  if (!details.failed) return findings;
  const message = details.errorInstance instanceof Error ? (details.errorInstance.stack ?? details.errorInstance.message) : 'interrupted';
  const unexplained = `${area.name}: the sides differ (seed ${seed}, after ${details.numRuns} cases and ${details.numShrinks} shrinks)\n${message}`;
  return { ...findings, unexplained };
}
