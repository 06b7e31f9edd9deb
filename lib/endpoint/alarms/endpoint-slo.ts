import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RUNBOOKS_URL } from '../../shared/runbooks-url';
import { InferenceComponentMetrics } from '../metrics/component-metrics';
import { EndpointVariantMetrics } from '../metrics/variant-metrics';
import { EndpointMode, type IModelEndpoint } from '../model-endpoint-ref';
import { alarmNamer } from './expressions';
import type { SloObjective, SloSource } from './slo-objective';

/** What is promised, and who is told when it is not kept. */
export interface EndpointSloProps {
  /** The endpoint: real-time, serverless, or with inference components. */
  readonly endpoint: IModelEndpoint;

  /** What share of requests must be good. */
  readonly objective: SloObjective;

  /**
   * Name of the variant that is measured.
   *
   * @default - the only variant
   */
  readonly variantName?: string;

  /**
   * Name of the inference component that is measured.
   *
   * @default - the only component
   */
  readonly componentName?: string;

  /**
   * Fewest requests within the long window before an alarm can go off.
   *
   * @default 100
   */
  readonly minimumRequests?: number;

  /**
   * What happens when the budget burns so fast that somebody must act now.
   *
   * @default - nothing
   */
  readonly pageActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens when the budget will not last, but nobody must get up.
   *
   * @default - nothing
   */
  readonly ticketActions?: cloudwatch.IAlarmAction[];

  /**
   * Where the runbooks are that the descriptions link to, without a slash at the end.
   *
   * @default - the guides of this package
   */
  readonly runbooksUrl?: string;
}

interface Window {
  readonly id: string;
  readonly period: Duration;
  /** CloudWatch sums over a day at most: a longer window is that many days in a row. */
  readonly periods: number;
}

const FIVE_MINUTES: Window = { id: '5m', period: Duration.minutes(5), periods: 1 };
const HALF_HOUR: Window = { id: '30m', period: Duration.minutes(30), periods: 1 };
const HOUR: Window = { id: '1h', period: Duration.hours(1), periods: 1 };
const SIX_HOURS: Window = { id: '6h', period: Duration.hours(6), periods: 1 };
const THREE_DAYS: Window = { id: '3d', period: Duration.days(1), periods: 3 };

/** Google's SRE workbook, chapter 5: 2 % of a month's budget within an hour, 5 % within six, 10 % within three days. */
const FAST = { burnRate: 14.4, long: HOUR, short: FIVE_MINUTES };
const SLOW = { burnRate: 6, long: SIX_HOURS, short: HALF_HOUR };
const CREEPING = { burnRate: 1, long: THREE_DAYS, short: SIX_HOURS };

/**
 * A service level objective with alarms on how fast its error budget burns. The burn rate is the share of bad requests divided by the
 * budget: at 1 a month's budget lasts a month, at 14.4 two days. Each alarm asks for a long window, so that it matters, and for a short one,
 * so that it is over when the trouble is.
 *
 * @example
 * declare const endpoint: IModelEndpoint;
 * const slo = new EndpointSlo(this, 'Availability', { endpoint, objective: SloObjective.availability(0.999) });
 */
export class EndpointSlo extends Construct {
  /** Goes off at a burn rate of 14.4 within an hour, or of 6 within six hours. */
  readonly page: cloudwatch.IAlarm;

  /** Goes off at a burn rate of 1 on each of three days. */
  readonly ticket: cloudwatch.IAlarm;

  private readonly objective: SloObjective;
  private readonly source: SloSource;
  private readonly minimumRequests: number;
  private readonly nameOf: (what: string) => string;

  /**
   * @param scope where the objective belongs
   * @param id unique within the scope
   * @param props what is promised, and who is told
   * @throws when the endpoint is asynchronous, or has several variants or components of which none is named
   */
  constructor(scope: Construct, id: string, props: EndpointSloProps) {
    super(scope, id);
    this.objective = props.objective;
    this.source = sourceOf(props);
    this.minimumRequests = props.minimumRequests ?? 100;
    if (!(this.minimumRequests >= 1)) throw new Error(`minimumRequests is ${this.minimumRequests}: it must be at least 1.`);
    this.nameOf = alarmNamer(this, props.endpoint.endpointName);
    const url = props.runbooksUrl ?? RUNBOOKS_URL;
    const page = this.composite('page', `${url}/endpoint.md#slo-page`, this.both(FAST), this.both(SLOW));
    page.addAlarmAction(...(props.pageActions ?? []));
    this.page = page;
    const ticket = this.composite('ticket', `${url}/endpoint.md#slo-ticket`, this.both(CREEPING));
    ticket.addAlarmAction(...(props.ticketActions ?? []));
    this.ticket = ticket;
  }

  /** Share of requests that may be bad. */
  get errorBudget(): number {
    return this.objective.errorBudget;
  }

  /**
   * How fast the error budget burns: share of bad requests by budget. At 1 it lasts exactly as long as it is meant to.
   *
   * @param period over which it is measured, at most a day
   */
  metricBurnRate(period: Duration): cloudwatch.MathExpression {
    const { usingMetrics, share } = this.objective._parts(this.source, period);
    return new cloudwatch.MathExpression({
      label: `burn rate (${this.objective.description})`,
      expression: `(${share}) / ${this.objective.errorBudget}`,
      usingMetrics,
      period,
    });
  }

  private both({ burnRate, long, short }: typeof FAST): cloudwatch.IAlarmRule {
    return cloudwatch.AlarmRule.allOf(
      this.burning(burnRate, long, this.minimumRequests),
      // In the short window a twelfth of the requests is expected.
      this.burning(burnRate, short, Math.max(1, Math.floor(this.minimumRequests / 12))),
    );
  }

  private burning(burnRate: number, { id, period, periods }: Window, minimumRequests: number): cloudwatch.IAlarm {
    const { usingMetrics, share } = this.objective._parts(this.source, period);
    const name = `burn-${burnRate}-in-${id}`;
    return new cloudwatch.Alarm(this, name, {
      alarmName: this.nameOf(`${this.node.id}-${name}`),
      alarmDescription: `${this.objective.description}: the budget burns ${burnRate} times too fast within ${id}. Part of a composite alarm.`,
      metric: new cloudwatch.MathExpression({
        label: 'burn rate',
        expression: `IF(requests >= ${minimumRequests}, (${share}) / ${this.objective.errorBudget}, 0)`,
        usingMetrics,
        period,
      }),
      threshold: burnRate,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private composite(name: 'page' | 'ticket', runbook: string, ...rules: cloudwatch.IAlarmRule[]): cloudwatch.CompositeAlarm {
    const what = name === 'page' ? 'burns so fast that somebody must act now' : 'will not last the month';
    const [only, ...others] = rules;
    const rule = only !== undefined && others.length === 0 ? only : cloudwatch.AlarmRule.anyOf(...rules);
    const props = {
      compositeAlarmName: this.nameOf(`${this.node.id}-${name}`),
      alarmDescription: `The error budget ${what} (${this.objective.description}).\n\nWhat to do: ${runbook}`,
      alarmRule: rule,
    };
    return name === 'page' ? new cloudwatch.CompositeAlarm(this, 'Page', props) : new cloudwatch.CompositeAlarm(this, 'Ticket', props);
  }
}

function sourceOf({ endpoint, variantName, componentName }: EndpointSloProps): SloSource {
  if (endpoint.mode === EndpointMode.ASYNC) {
    throw new Error(`${endpoint.node.path} is asynchronous: requests wait on purpose. Watch the age of its backlog with EndpointAlarms.`);
  }
  if (endpoint.mode === EndpointMode.INFERENCE_COMPONENTS) {
    const name = only(
      'component',
      endpoint.components.map((one) => one.componentName),
      componentName,
    );
    return { metrics: new InferenceComponentMetrics({ componentName: name }), dimensionsMap: { InferenceComponentName: name } };
  }
  const name = only(
    'variant',
    endpoint.variants.map((one) => one.variantName),
    variantName,
  );
  const { endpointName } = endpoint;
  return {
    metrics: new EndpointVariantMetrics({ endpointName, variantName: name }),
    dimensionsMap: { EndpointName: endpointName, VariantName: name },
  };
}

function only(what: string, names: string[], wanted: string | undefined): string {
  const found = wanted === undefined && names.length === 1 ? names[0] : names.find((name) => name === wanted);
  if (found !== undefined) return found;
  throw new Error(
    `The endpoint has the ${what}s ${names.join(', ') || '(none)'}, asked for is ${wanted ?? 'none by name'}: say which one, with ${what}Name.`,
  );
}
