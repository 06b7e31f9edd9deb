import type { Arm } from '../../core/contracts';
import { describeValue } from '../../core/charter/problem';
import { BadInputError } from '../../core/errors';
import { AwsError, type Cloud, type HttpResponse, type Members, type Random } from '../cloud/types';
import type { Answer, SentKpiEvent } from './history';
import type { Scenario } from './scenario-schema';
import { messageOf, type Outcome, type OutcomesFunction, type TrafficItem, type TrafficSource } from './user-modules';

const MINUTE_MILLIS = 60_000;

/** Errors that the same event meets again. */
const refusedForGood = /^(InvalidArgument|MalformedDetail|NotAuthorizedForSource|ResourceNotFoundException|ValidationException)$/;

/** Sends a signed request to a function URL, as an IAM principal would. */
export type UrlInvoker = (
  url: string,
  request: { method: string; path: string; headers: Record<string, string>; body: Uint8Array },
  signer: { principalArn: string },
) => Promise<HttpResponse>;

interface KpiFaultWindow {
  kind: 'duplicate' | 'delay';
  fromMillis: number;
  untilMillis: number;
  share: number;
  byMillis: number;
}

/** The callers of the use case, and the systems that observe what became of its answers. */
export class Callers {
  readonly answers: Answer[] = [];
  readonly kpiSent: SentKpiEvent[] = [];
  private outcomesPending = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly random: Random,
    private readonly invokeUrl: UrlInvoker,
    private readonly source: TrafficSource,
    private readonly outcomes: OutcomesFunction,
    private readonly useCase: string,
    private readonly faults: KpiFaultWindow[],
  ) {}

  /** Outcomes that are known to come but have not been observed yet. */
  get waitingForOutcomes(): boolean {
    return this.outcomesPending > 0;
  }

  async call(gatewayUrl: string, principalArn: string): Promise<void> {
    const done = this.cloud.begin('request');
    try {
      const item = this.source.next();
      const answer: Answer = { atMillis: this.cloud.clock.now(), status: 0 };
      this.answers.push(answer);
      const headers = { 'content-type': 'application/json', 'x-sluice-unit': item.unit };
      const body = new TextEncoder().encode(JSON.stringify(item.request));
      const response = await this.invokeUrl(gatewayUrl, { method: 'POST', path: '/', headers, body }, { principalArn });
      answer.status = response.status;
      answer.decisionId = response.headers['x-sluice-decision-id'];
      answer.arm = response.headers['x-sluice-arm'] as Arm | undefined;
      if (response.status < 400) this.observe(item, answer, response);
    } finally {
      done();
    }
  }

  private observe(item: TrafficItem, answer: Answer, response: HttpResponse): void {
    const decoded: unknown = JSON.parse(new TextDecoder().decode(response.body));
    const outcomes = this.outcomes({ request: item.request, truth: item.truth, response: decoded, random: () => this.random.next() });
    outcomes.forEach((outcome) => this.schedule(outcome, answer.decisionId ?? ''));
  }

  private schedule(outcome: Outcome, decisionId: string): void {
    const observedAtMillis = this.cloud.clock.now() + Math.round(outcome.delayMinutes * MINUTE_MILLIS);
    this.outcomesPending += 1;
    this.cloud.clock.at(observedAtMillis, () => this.send(outcome, decisionId, observedAtMillis));
  }

  private send(outcome: Outcome, decisionId: string, observedAtMillis: number): void {
    const eventId = this.random.uuid();
    const sent: SentKpiEvent = {
      eventId,
      kpi: outcome.kpi,
      happened: Number(outcome.value) === 1,
      atMillis: observedAtMillis,
      copies: this.struck('duplicate') === undefined ? 1 : 2,
    };
    const delayMillis = this.struck('delay')?.byMillis ?? 0;
    const detail = { schema: 'sluice.kpi/v1', useCase: this.useCase, eventId, kpi: outcome.kpi, decisionId, value: outcome.value };
    this.kpiSent.push(sent);
    for (let copy = 0; copy < sent.copies; copy += 1) {
      const last = copy === sent.copies - 1;
      this.cloud.clock.after(delayMillis + copy * MINUTE_MILLIS, async () => {
        // A delayed event is observed late, too: what counts is when the outcome became known.
        await this.putEvent({ ...detail, observedAt: new Date(observedAtMillis + delayMillis).toISOString() });
        if (last) this.outcomesPending -= 1;
      });
    }
  }

  private async putEvent(detail: Record<string, unknown>): Promise<void> {
    const entry = {
      Source: 'sluice.kpi',
      DetailType: 'KpiObserved',
      Detail: JSON.stringify(detail),
      Time: new Date(this.cloud.clock.now()),
    };
    // A producer keeps its event until the bus has taken it.
    for (let waitMillis = 1000; !(await this.isTaken(entry)); waitMillis = Math.min(2 * waitMillis, MINUTE_MILLIS)) {
      await this.cloud.clock.sleep(waitMillis);
    }
  }

  private async isTaken(entry: Members): Promise<boolean> {
    const producer = { kind: 'world', principalArn: 'kpi-producer' } as const;
    try {
      const answer = await this.cloud.call('eventbridge', 'PutEvents', { Entries: [entry] }, producer);
      if ((answer.FailedEntryCount ?? 0) === 0) return true;
      const { ErrorCode: code } = (answer.Entries as { ErrorCode?: string }[])[0] ?? {};
      if (refusedForGood.test(code ?? '')) throw new Error(`PutEvents refused a KPI event: ${JSON.stringify(answer.Entries)}`);
      return false;
    } catch (error) {
      if (error instanceof AwsError && !refusedForGood.test(error.code)) return false;
      throw error;
    }
  }

  private struck(kind: 'duplicate' | 'delay'): KpiFaultWindow | undefined {
    const nowMillis = this.cloud.clock.now();
    const fault = this.faults.find((window) => window.kind === kind && window.fromMillis <= nowMillis && nowMillis < window.untilMillis);
    return fault !== undefined && this.random.next() < fault.share ? fault : undefined;
  }
}

/** The scenario's faults on KPI events, as windows of virtual time. */
export function kpiFaultWindows(scenario: Scenario, startMillis: number): KpiFaultWindow[] {
  return scenario.faults.flatMap((fault) => {
    if (!('kpi' in fault)) return [];
    const fromMillis = startMillis + fault.at;
    const untilMillis = fault.for === undefined ? Number.POSITIVE_INFINITY : fromMillis + fault.for;
    return [{ kind: fault.kpi, fromMillis, untilMillis, share: fault.share, byMillis: fault.by ?? 0 }];
  });
}

/** The traffic of a user's module, whose mistakes are told as mistakes of that module. */
export function guardedTraffic(source: TrafficSource, file: string): TrafficSource {
  return {
    next: () => {
      const item: unknown = blamed(() => source.next(), `traffic: next() of ${file}`);
      if (typeof (item as TrafficItem | null | undefined)?.unit === 'string') return item as TrafficItem;
      throw new BadInputError(`traffic: next() of ${file} returned ${shown(item)}\n  allowed: { unit: text, request, truth? }`);
    },
  };
}

/** The outcomes of a user's module, whose mistakes are told as mistakes of that module. */
export function guardedOutcomes(outcomes: OutcomesFunction, file: string): OutcomesFunction {
  return (input) => {
    const observed: unknown = blamed(() => outcomes(input), `outcomes: ${file}`);
    if (Array.isArray(observed) && observed.every(isOutcome)) return observed;
    throw new BadInputError(
      `outcomes: ${file} returned ${shown(observed)}\n  allowed: a list of { kpi: text, value: true, false, 0 or 1, delayMinutes: from 0 }`,
    );
  };
}

function isOutcome(value: unknown): value is Outcome {
  const { kpi, delayMinutes } = (value ?? {}) as Partial<Outcome>;
  return typeof kpi === 'string' && typeof delayMinutes === 'number' && Number.isFinite(delayMinutes) && delayMinutes >= 0;
}

/** Runs code of a user's module; what it throws names the module. */
function blamed<T>(run: () => T, what: string): T {
  try {
    return run();
  } catch (error) {
    throw new BadInputError(`${what} failed: ${messageOf(error)}`, { cause: error });
  }
}

const shown = (value: unknown): string =>
  value instanceof Promise ? 'a promise' : typeof value === 'function' ? 'a function' : describeValue(value);
