import {
  AwsError,
  UnsupportedError,
  type Cloud,
  type Members,
  type Operation,
  type Permission,
  type ServiceDouble,
} from '../../cloud/types';
import { Activities } from './activities';
import { activityArn, activityOperations } from './activity-operations';
import { described, listed, page, shown, started } from './answers';
import { PAYLOAD_LIMIT_BYTES } from './errors';
import { Execution, type StateMachine } from './execution';
import { MapRuns } from './map-run';
import { TaskTokens } from './tokens';
import { parseDefinition } from './validate';
import type { WaitingTask } from './waiting-task';

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
/** A name is free again this long after its execution ended. */
const NAME_KEPT_MILLIS = 90 * 24 * 3600 * 1000;

function only(action: string, resource: (input: Members, cloud: Cloud) => string): (input: Members, cloud: Cloud) => Permission[] {
  return (input, cloud) => [{ action: `states:${action}`, resource: resource(input, cloud) }];
}

/** AWS Step Functions: standard state machines, their executions and task tokens. */
export class StepFunctions implements ServiceDouble {
  readonly service = 'sfn';
  readonly operations: Record<string, Operation>;
  private readonly machines = new Map<string, StateMachine>();
  private readonly executions = new Map<string, Execution>();
  private readonly tokens: TaskTokens;
  private readonly mapRuns: MapRuns;
  private readonly activities: Activities;
  private readonly waitingListeners: ((task: WaitingTask) => void)[] = [];

  constructor(private readonly cloud: Cloud) {
    this.tokens = new TaskTokens(cloud.clock, cloud.random.fork('states/tokens'));
    this.mapRuns = new MapRuns(cloud.clock, cloud.random.fork('states/map-runs'));
    this.activities = new Activities(cloud.clock);
    // A Map Run's children are started as executions of the machine that the Map stands in.
    const machine = (input: Members): string => ((input.stateMachineArn as string | undefined) ?? '*').replace(/\/.*$/, '');
    const execution = (input: Members): string => input.executionArn as string;
    /** A token that is none is refused as such, not for want of a permission. */
    const ofToken =
      (action: string) =>
      (input: Members): Permission[] => {
        const resource = this.tokens.resourceOf(input.taskToken as string);
        return resource === undefined ? [] : [{ action: `states:${action}`, resource }];
      };
    this.operations = {
      StartExecution: { permissions: only('StartExecution', machine), run: (input) => this.start(input) },
      DescribeExecution: { permissions: only('DescribeExecution', execution), run: (input) => this.describe(input) },
      StopExecution: { permissions: only('StopExecution', execution), run: (input) => this.stop(input) },
      ListExecutions: {
        permissions: only('ListExecutions', (input) => (input.mapRunArn as string | undefined) ?? machine(input)),
        run: (input) => this.list(input),
      },
      GetExecutionHistory: { permissions: only('GetExecutionHistory', execution), run: (input) => this.history(input) },
      DescribeMapRun: {
        permissions: only('DescribeMapRun', (input) => input.mapRunArn as string),
        run: (input) => this.mapRuns.get(input.mapRunArn as string).describe(),
      },
      ListMapRuns: { permissions: only('ListMapRuns', execution), run: (input) => this.listMapRuns(input) },
      DescribeStateMachine: { permissions: only('DescribeStateMachine', machine), run: (input) => this.describeMachine(input) },
      ...activityOperations(this.activities, cloud),
      SendTaskSuccess: {
        permissions: ofToken('SendTaskSuccess'),
        run: (input) => {
          this.tokens.succeed(input.taskToken as string, input.output as string);
          return {};
        },
      },
      SendTaskFailure: {
        permissions: ofToken('SendTaskFailure'),
        run: (input) => {
          this.tokens.fail(input.taskToken as string, input.error as string | undefined, input.cause as string | undefined);
          return {};
        },
      },
      SendTaskHeartbeat: {
        permissions: ofToken('SendTaskHeartbeat'),
        run: (input) => {
          this.tokens.heartbeat(input.taskToken as string);
          return {};
        },
      },
    };
  }

  /** Creates or replaces a state machine; executions under way keep what they were started with. */
  putStateMachine(name: string, definitionText: string, roleArn: string): StateMachine {
    const arn = this.cloud.arn('states', `stateMachine:${name}`);
    const machine: StateMachine = {
      arn,
      name,
      roleArn,
      definition: parseDefinition(definitionText, (service, operation) => Object.hasOwn(this.cloud.double(service).operations, operation)),
      definitionText,
      createdAtMillis: this.machines.get(arn)?.createdAtMillis ?? this.cloud.clock.now(),
    };
    this.machines.set(arn, machine);
    return machine;
  }

  /** Executions under way are aborted with their machine. */
  removeStateMachine(arn: string): void {
    this.machines.delete(arn);
    for (const execution of this.executions.values())
      if (execution.machine.arn === arn) execution.stop('States.Runtime', 'The state machine was deleted');
  }

  putActivity(name: string): Members {
    return this.activities.create(activityArn(this.cloud, name), name);
  }

  removeActivity(arn: string): void {
    this.activities.remove(arn);
  }

  /** Hears of every task that waits for an answer by its token, and of every activity's task. */
  onTaskWaiting(listener: (task: WaitingTask) => void): void {
    this.waitingListeners.push(listener);
  }

  /** Every state machine that stands; for the pictures of a report. */
  allStateMachines(): readonly StateMachine[] {
    return [...this.machines.values()];
  }

  /** Every execution so far, in order of start; for scenarios and invariants. */
  allExecutions(): readonly Execution[] {
    return [...this.executions.values()];
  }

  private start(input: Members): Members {
    const child = this.mapRuns.take(input.stateMachineArn as string, input.name as string | undefined);
    const machine = child?.mapRun.request.machine ?? this.machine(input.stateMachineArn as string);
    const text = (input.input as string | undefined) ?? '{}';
    checkInput(text);
    const name = (input.name as string | undefined) ?? this.cloud.random.uuid();
    if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    const arn = machine.arn.replace(':stateMachine:', ':execution:') + `:${name}`;
    const earlier = this.executions.get(arn);
    if (earlier !== undefined && this.holdsName(earlier)) {
      if (earlier.status === 'RUNNING' && sameJson(earlier.input, text)) return started(earlier);
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const around = {
      cloud: this.cloud,
      random: this.cloud.random,
      tokens: this.tokens,
      mapRuns: this.mapRuns,
      activities: this.activities,
      waiting: (task: WaitingTask) => this.waitingListeners.forEach((listener) => listener(task)),
      find: (childArn: string) => this.executions.get(childArn),
    };
    const mapRun = child === undefined ? {} : { mapRun: { arn: child.mapRun.arn, itemCount: child.itemCount } };
    const execution = new Execution({ arn, name, machine, input: text, ...mapRun }, around);
    if (child !== undefined) child.execution = execution;
    this.executions.set(arn, execution);
    return started(execution);
  }

  private holdsName(execution: Execution): boolean {
    return execution.stoppedAtMillis === undefined || this.cloud.clock.now() < execution.stoppedAtMillis + NAME_KEPT_MILLIS;
  }

  private describe(input: Members): Members {
    return described(this.execution(input.executionArn as string), input.includedData !== 'METADATA_ONLY');
  }

  private stop(input: Members): Members {
    const execution = this.execution(input.executionArn as string);
    execution.stop(input.error as string | undefined, input.cause as string | undefined);
    return { stopDate: new Date(execution.stoppedAtMillis ?? this.cloud.clock.now()) };
  }

  private list(input: Members): Members {
    const ofParent = this.listsFrom(input);
    const matching = this.allExecutions()
      .map((execution, place) => ({ execution, place }))
      .filter(({ execution }) => ofParent(execution))
      .filter(({ execution }) => input.statusFilter === undefined || execution.status === input.statusFilter);
    const { items, next } = page(input, {
      items: matching,
      keyOf: ({ place }) => place,
      descending: true,
      listing: `ListExecutions ${String(input.stateMachineArn ?? input.mapRunArn)} ${String(input.statusFilter)}`,
    });
    return { executions: items.map(({ execution }) => listed(execution)), ...next };
  }

  private listsFrom(input: Members): (execution: Execution) => boolean {
    if ((input.stateMachineArn === undefined) === (input.mapRunArn === undefined))
      throw new AwsError('ValidationException', 'Exactly one of stateMachineArn and mapRunArn must be specified');
    if (input.redriveFilter !== undefined)
      throw new UnsupportedError('ListExecutions: redriveFilter is not supported by the rehearsal; executions are not redriven here');
    if (input.stateMachineArn !== undefined) {
      const { arn } = this.machine(input.stateMachineArn as string);
      return (execution) => execution.machine.arn === arn;
    }
    const { arn } = this.mapRuns.get(input.mapRunArn as string);
    return (execution) => execution.mapRun?.arn === arn;
  }

  private listMapRuns(input: Members): Members {
    const { arn } = this.execution(input.executionArn as string);
    const { items, next } = page(input, {
      items: this.mapRuns.of(arn).map((mapRun, place) => ({ mapRun, place })),
      keyOf: ({ place }) => place,
      listing: `ListMapRuns ${arn}`,
    });
    return { mapRuns: items.map(({ mapRun }) => mapRun.listed()), ...next };
  }

  private history(input: Members): Members {
    const { events } = this.execution(input.executionArn as string).history;
    const descending = input.reverseOrder === true;
    const { items, next } = page(input, {
      items: events,
      keyOf: ({ id }) => id,
      descending,
      listing: `GetExecutionHistory ${String(input.executionArn)} ${descending}`,
    });
    const includeData = input.includeExecutionData !== false;
    return { events: items.map((event) => shown(event, includeData)), ...next };
  }

  private describeMachine(input: Members): Members {
    const machine = this.machine(input.stateMachineArn as string);
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      status: 'ACTIVE',
      definition: machine.definitionText,
      roleArn: machine.roleArn,
      type: 'STANDARD',
      creationDate: new Date(machine.createdAtMillis),
    };
  }

  private machine(arn: string): StateMachine {
    const machine = this.machines.get(arn);
    if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  private execution(arn: string): Execution {
    const execution = this.executions.get(arn);
    if (execution === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }
}

function checkInput(text: string): void {
  if (Buffer.byteLength(text) > PAYLOAD_LIMIT_BYTES)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_LIMIT_BYTES}`,
    );
  try {
    JSON.parse(text);
  } catch (failure) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(failure as Error).message}'`);
  }
}

function sameJson(left: string, right: string): boolean {
  return left === right || JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
}
