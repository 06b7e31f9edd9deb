import type { DeployedResource } from '../assembly/standing';
import type { Laptop } from '../world/laptop';
import type { Sqs } from '../services/sqs';
import { metricsWithoutData } from './alarm-data';
import { checkAll, checkDeletion } from './checks';
import { deadLetterQueues } from './dead-letter-queues';
import { executionResult, factsOf } from './executions';
import { checkExpectations, checkTimeline } from './expect';
import type { Inputs } from './inputs';
import type { ApplicationJob } from './job';
import type { Places } from './places';
import type { AlarmResult, ApplicationResult, FunctionResult, QueueResult, StackResult } from './result';
import { Naming } from './naming';
import type { Sight } from './sight';
import { applicationTimeline } from './timeline';
import type { Watch } from './watch';
import type { TimelineEntry } from '../world/timeline';

export interface ResultFacts {
  job: ApplicationJob;
  laptop: Laptop;
  places: Places;
  watch: Watch;
  inputs: Inputs;
  startMillis: number;
  deployed: readonly DeployedResource[];
  /** Before their deletion. */
  stacks: readonly StackResult[];
  /** Why time did not run on until nothing was under way. */
  breaksOff: string | undefined;
}

/** Looks at everything while it stands; what its deletion came to is added by `finish`. */
export function buildResult(facts: ResultFacts): { finish(stacks: StackResult[]): ApplicationResult } {
  const { job, laptop, places, watch, inputs, startMillis, deployed } = facts;
  const { scenario, scenarioName, seed } = job;
  const { cloud, clock } = laptop;
  const naming = new Naming(deployed);
  const iam = naming.iam(cloud.iam.report());
  const timeline = applicationTimeline(cloud.log, iam.denied, startMillis, naming);
  const executions = laptop.executions().map(factsOf);
  const sight: Sight = {
    laptop,
    places,
    watch,
    scenario,
    startMillis,
    executions,
    sent: inputs.sent,
    timeline,
    denied: iam.denied,
    naming,
    breaksOff: facts.breaksOff,
  };
  const deadLetters = deadLetterQueues(deployed);
  const { inputs: listed, leftOut } = inputs.results(startMillis);
  const seen = {
    scenario: scenarioName,
    title: scenario.title,
    seed,
    start: new Date(startMillis).toISOString(),
    virtualSeconds: scenario.duration / 1000,
    drainedAtSeconds: (clock.now() - startMillis) / 1000,
    stillUnderWay: [...(facts.breaksOff === undefined ? [] : [facts.breaksOff]), ...underWay(laptop, naming)],
    inputs: listed,
    ...(leftOut === 0 ? {} : { inputsLeftOut: leftOut }),
    executions: executions.map((one) => executionResult(one, naming.pathOf(one.machineArn), startMillis)),
    functions: functionResults(watch),
    queues: queueResults(sight, deadLetters),
    alarms: alarmResults(sight),
    expectations: checkExpectations(sight),
    checks: checkAll(sight, facts.stacks, deadLetters),
    iam,
  };
  const logged = cloud.log.length;
  return {
    finish: (stacks) => {
      const whole = [...timeline, ...deletionOf(applicationTimeline(cloud.log.slice(logged), [], startMillis, naming))];
      return {
        application: stacks.map(({ name }) => name).join(', '),
        ...seen,
        stacks,
        timeline: whole,
        expectations: [...seen.expectations, ...checkTimeline(scenario, whole)],
        checks: [...seen.checks, checkDeletion(scenario, stacks, whole)],
      };
    },
  };
}

/** What is stopped because its stack goes is no news. */
const deletionOf = (timeline: TimelineEntry[]): TimelineEntry[] => timeline.filter(({ source }) => source === 'cloudformation');

const functionResults = ({ invocations }: Watch): FunctionResult[] =>
  [...invocations.values()]
    .map(({ standIn, ...counts }) => ({ ...counts, ...(standIn ? { standIn } : {}) }))
    .sort((one, other) => (one.function < other.function ? -1 : 1));

function queueResults({ places, laptop }: Sight, deadLetters: readonly string[]): QueueResult[] {
  return places.all('queue').map(({ constructPath, ref, attributes }) => {
    const { visible, inFlight, delayed } = laptop.cloud.double<Sqs>('sqs').queue(String(attributes['Arn'])).counts();
    return {
      queue: constructPath === '' ? ref : constructPath,
      messages: visible + inFlight + delayed,
      isDeadLetterQueue: deadLetters.includes(constructPath),
    };
  });
}

const alarmResults = ({ places, laptop, watch, startMillis }: Sight): AlarmResult[] =>
  places.all('alarm').map(({ constructPath, ref, properties }) => {
    const withoutData = metricsWithoutData(laptop, properties);
    return {
      alarm: constructPath === '' ? ref : constructPath,
      state: laptop.cloudWatch.alarms().find(({ name }) => name === ref)?.state ?? 'INSUFFICIENT_DATA',
      changes: watch.alarmChanges
        .filter(({ alarm }) => alarm === ref)
        .map(({ atMillis, state }) => ({ t: (atMillis - startMillis) / 1000, state })),
      ...(withoutData.length === 0 ? {} : { withoutData }),
    };
  });

/** In words: executions by their names, and where they wait. */
function underWay(laptop: Laptop, naming: Naming): string[] {
  const waiting = new Map(laptop.executions().map((execution) => [`execution ${execution.arn}`, factsOf(execution)]));
  return laptop.cloud.workUnderWay().map((what) => {
    const execution = waiting.get(what);
    if (execution === undefined) return what.split(' ').map(naming.pathOf).join(' ');
    const state = execution.visits.findLast(({ exitedAtMillis }) => exitedAtMillis === undefined)?.state;
    return `execution ${execution.name} of ${naming.pathOf(execution.machineArn)}${state === undefined ? '' : `, in ${state}`}`;
  });
}
