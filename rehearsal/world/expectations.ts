import { incidentStatusOf, type IncidentRecord, type RefusalRecord } from '../../core/contracts';
import { checkHappening } from './happening';
import type { Scenario } from './scenario-schema';
import type { TimelineEntry } from './timeline';

type Expected = Scenario['expect'];

export interface ExpectationResult {
  text: string;
  held: boolean;
  /** What was seen instead. */
  seen?: string;
}

export interface ExpectationFacts {
  outcome: string;
  culprit?: string;
  /** Seconds from the last release's registration to its end. */
  tookSeconds?: number;
  candidateRequests: number;
  failedRequests: number;
  /** Undefined when nothing was deployed a second time. */
  weightsMovedByDeploy?: boolean;
  /** Of all releases asked for. */
  outcomes: string[];
  stage?: string;
  reason?: string;
  timeline: TimelineEntry[];
  incidents: IncidentRecord[];
  refusals: RefusalRecord[];
}

const expectation = (text: string, held: boolean, seen: unknown): ExpectationResult =>
  held ? { text, held } : { text, held, seen: String(seen) };

/** Holds the scenario's expectations against what happened. */
export function checkExpectations(expect: Scenario['expect'], facts: ExpectationFacts): ExpectationResult[] {
  const results: ExpectationResult[] = [];
  if (expect.outcome !== undefined)
    results.push(expectation(`outcome is ${expect.outcome}`, facts.outcome === expect.outcome, facts.outcome));
  if (expect.within !== undefined) {
    const limitSeconds = expect.within / 1000;
    const held = facts.tookSeconds !== undefined && facts.tookSeconds <= limitSeconds;
    results.push(
      expectation(
        `ended within ${limitSeconds / 3600} h`,
        held,
        facts.tookSeconds === undefined ? 'it did not end' : `${(facts.tookSeconds / 3600).toFixed(1)} h`,
      ),
    );
  }
  if (expect.candidateRequestsAtMost !== undefined) {
    const limit = expect.candidateRequestsAtMost;
    results.push(expectation(`candidate answered at most ${limit} requests`, facts.candidateRequests <= limit, facts.candidateRequests));
  }
  if (expect.candidateRequestsAtLeast !== undefined) {
    const limit = expect.candidateRequestsAtLeast;
    results.push(expectation(`candidate answered at least ${limit} requests`, facts.candidateRequests >= limit, facts.candidateRequests));
  }
  if (expect.culprit !== undefined)
    results.push(expectation(`culprit is ${expect.culprit}`, facts.culprit === expect.culprit, facts.culprit ?? 'none named'));
  if (expect.failedRequestsAtMost !== undefined) {
    const limit = expect.failedRequestsAtMost;
    results.push(expectation(`at most ${limit} requests failed`, facts.failedRequests <= limit, facts.failedRequests));
  }
  if (expect.weightsUnmovedByDeploy !== undefined) {
    const moved = facts.weightsMovedByDeploy;
    const wanted = expect.weightsUnmovedByDeploy;
    results.push(
      expectation(
        `deploying again ${wanted ? 'left weights alone' : 'moved weights'}`,
        moved === !wanted,
        moved === undefined ? 'nothing was deployed again' : moved ? 'they moved' : 'they did not move',
      ),
    );
  }
  return [...results, ...checkEnding(expect, facts), ...checkHappenings(expect, facts)];
}

function checkEnding({ outcomes, stage, reason }: Expected, facts: ExpectationFacts): ExpectationResult[] {
  const results: ExpectationResult[] = [];
  if (outcomes !== undefined) {
    const same = outcomes.length === facts.outcomes.length && outcomes.every((outcome, index) => outcome === facts.outcomes[index]);
    results.push(expectation(`outcomes are ${outcomes.join(', ')}`, same, facts.outcomes.join(', ')));
  }
  if (stage !== undefined) results.push(expectation(`ended at ${stage}`, facts.stage === stage, facts.stage ?? 'no stage named'));
  if (reason !== undefined)
    results.push(expectation(`the reason says '${reason}'`, facts.reason?.includes(reason) === true, facts.reason ?? 'no reason named'));
  return results;
}

function checkHappenings(expect: Expected, { timeline, incidents, refusals }: ExpectationFacts): ExpectationResult[] {
  const results: ExpectationResult[] = (expect.timeline ?? []).map((happening) => checkHappening(happening, timeline));
  for (const { kind, status, reason } of expect.incidents ?? []) {
    const found = incidents.filter((incident) => incident.kind === kind);
    const held = found.some(
      (incident) => (status === undefined || incidentStatusOf(incident) === status) && incident.reason.includes(reason ?? ''),
    );
    const seen = found.map((incident) => `${incidentStatusOf(incident)}: ${incident.reason}`).join('; ');
    results.push(expectation(`an incident ${kind}${status === undefined ? '' : ` is ${status}`}`, held, seen === '' ? 'none' : seen));
  }
  for (const { what, reason } of expect.refusals ?? []) {
    const found = refusals.filter((refusal) => refusal.what === what);
    const held = found.some((refusal) => refusal.reason.includes(reason ?? ''));
    const seen = found.map((refusal) => refusal.reason).join('; ');
    results.push(expectation(`refused: ${what}${reason === undefined ? '' : `, '${reason}'`}`, held, seen === '' ? 'nothing' : seen));
  }
  return results;
}
