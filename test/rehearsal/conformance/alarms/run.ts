import type { Members } from '../../../../rehearsal/cloud/types';
import { setUp, TOPIC_ARN, type Setup } from '../../services/cloudwatch/support';
import type { AlarmCase, Data } from './case';

const LETTERS: Record<string, string> = { OK: 'O', ALARM: 'A', INSUFFICIENT_DATA: 'I' };

export interface Observed {
  states: string;
  actions: string;
}

const valuesAt = (data: Data, step: number): number[] => {
  const one = typeof data === 'string' ? ({ '-': undefined, X: 10 } as Record<string, number | undefined>)[data[step]!] : data[step];
  if (typeof data === 'string' && /\d/.test(data[step] ?? '')) return [Number(data[step])];
  return one === undefined ? [] : Array.isArray(one) ? one : [one];
};

const withActions = (definition: Members): Members => ({
  AlarmActions: [TOPIC_ARN],
  OKActions: [TOPIC_ARN],
  InsufficientDataActions: [TOPIC_ARN],
  ...definition,
});

/** Plays a case step by step and writes down what the watched alarm says and does. */
export async function observe(test: AlarmCase): Promise<Observed> {
  const setup = setUp();
  const { cloud } = setup;
  const stepMillis = (test.stepSeconds ?? 60) * 1000;
  const start = cloud.clock.now();
  const watched = String(test.alarms.at(-1)!.AlarmName);
  const steps = test.states.length;
  const observed: Observed = { states: '', actions: '' };
  let seen = 0;
  for (let step = 0; step <= steps; step += 1) {
    if (step === (test.createdAfter ?? 0)) await create(setup, test, watched);
    for (const { operation, input } of (test.calls ?? []).filter((call) => call.step === step)) await setup.call(operation, input);
    await cloud.clock.run(start + step * stepMillis + 1000);
    if (step < steps) await publish(setup, test, step, stepMillis);
    await cloud.clock.run(start + step * stepMillis + stepMillis / 2);
    if (step === 0) {
      seen = setup.acted.length;
      continue;
    }
    const alarm = setup.cloudWatch.alarms().find(({ name }) => name === watched);
    observed.states += alarm === undefined ? '.' : LETTERS[alarm.state]!;
    observed.actions += actionsSince(setup, seen, watched);
    seen = setup.acted.length;
  }
  return observed;
}

async function create(setup: Setup, test: AlarmCase, watched: string): Promise<void> {
  for (const definition of test.alarms) {
    if (definition.AlarmRule === undefined) setup.cloudWatch.putMetricAlarm(withActions(definition));
    else setup.cloudWatch.putCompositeAlarm(withActions(definition));
  }
  for (const rule of test.mutes ?? []) setup.cloudWatch.putMuteRule(rule);
  if (test.startState !== undefined)
    await setup.call('SetAlarmState', { AlarmName: watched, StateValue: test.startState, StateReason: 'start of the case' });
}

async function publish(setup: Setup, test: AlarmCase, step: number, stepMillis: number): Promise<void> {
  const now = setup.cloud.clock.now();
  const put = (MetricName: string, Values: number[], atMillis: number): Promise<Members> =>
    setup.call('PutMetricData', {
      Namespace: test.namespace ?? 'Conformance',
      MetricData: [
        {
          MetricName,
          Values,
          Timestamp: new Date(atMillis),
          Dimensions: Object.entries(test.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
          ...(test.fine === true ? { StorageResolution: 1 } : {}),
        },
      ],
    });
  for (const [metric, data] of Object.entries(test.data)) {
    const values = valuesAt(data, step);
    for (let from = 0; from < values.length; from += 150) await put(metric, values.slice(from, from + 150), now);
  }
  for (const { metric, step: of, bySteps, value } of test.late ?? []) {
    if (of + bySteps === step) await put(metric, [value], now - bySteps * stepMillis);
  }
}

function actionsSince({ acted }: Setup, seen: number, watched: string): string {
  const messages = acted.slice(seen).map(({ input }) => JSON.parse(String(input.Message)) as { AlarmName: string; NewStateValue: string });
  const own = messages.filter(({ AlarmName }) => AlarmName === watched).map(({ NewStateValue }) => LETTERS[NewStateValue]!);
  return own.length === 0 ? '-' : own.length === 1 ? own[0]! : `(${own.join('')})`;
}
