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
import { described, listed, page, shown, started, synchronous } from './answers';
import type { MachineType } from './definition';
import { Execution, type ExecutionRequest, type StateMachine, type Surroundings } from './execution';
import { checkInput, checkName, sameJson } from './execution-input';
import { MapRuns, type MapRunChild } from './map-run';
import { tokenOperations } from './token-operations';
import { TaskTokens } from './tokens';
import { parseDefinition, type Supports } from './validate';
import type { WaitingTask } from './waiting-task';

/** A name is free again this long after its execution ended. */
const NAME_KEPT_MILLIS = 90 * 24 * 3600 * 1000;

function only(action: string, resource: (input: Members, cloud: Cloud) => string): (input: Members, cloud: Cloud) => Permission[] {
  return (input, cloud) => [{ action: `states:${action}`, resource: resource(input, cloud) }];
}

/** Which operations the laptop cloud has. */
export function supportsOf(cloud: Cloud): Supports {
  return (service, operation) => Object.hasOwn(cloud.double(service).operations, operation);
}

/** AWS Step Functions: standard and express state machines, their executions and task tokens. */
export class StepFunctions implements ServiceDouble {
  readonly service = 'sfn';
  readonly operations: Record<string, Operation>;
  private readonly machines = new Map<string, StateMachine>();
  private readonly executions = new Map<string, Execution>();
  private readonly tokens: TaskTokens;
  private readonly mapRuns: MapRuns;
  private readonly activities: Activities;
  private readonly waitingListeners: ((task: WaitingTask) => void)[] = [];

  private readonly around: Surroundings;

  constructor(private readonly cloud: Cloud) {
    this.tokens = new TaskTokens(cloud.clock, cloud.random.fork('states/tokens'));
    this.mapRuns = new MapRuns(cloud.clock, cloud.random.fork('states/map-runs'));
    this.activities = new Activities(cloud.clock);
    this.around = {
      cloud,
      random: cloud.random,
      tokens: this.tokens,
      mapRuns: this.mapRuns,
      activities: this.activities,
      waiting: (task) => this.waitingListeners.forEach((listener) => listener(task)),
      find: (arn) => this.executions.get(arn),
    };
    // A Map Run's children are started as executions of the machine that the Map stands in.
    const machine = (input: Members): string => ((input.stateMachineArn as string | undefined) ?? '*').replace(/\/.*$/, '');
    const execution = (input: Members): string => input.executionArn as string;
    this.operations = {
      StartExecution: { permissions: only('StartExecution', machine), run: (input) => this.start(input) },
      StartSyncExecution: { permissions: only('StartSyncExecution', machine), run: (input) => this.startSync(input) },
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
      ...tokenOperations(this.tokens),
    };
  }

  /** Creates or replaces a state machine; executions under way keep what they were started with. */
  putStateMachine(name: string, definitionText: string, roleArn: string, type: MachineType = 'STANDARD'): StateMachine {
    const arn = this.cloud.arn('states', `stateMachine:${name}`);
    const machine: StateMachine = {
      arn,
      name,
      roleArn,
      type,
      definition: parseDefinition(definitionText, supportsOf(this.cloud), type),
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
    const { text, name } = this.checked(input);
    if (machine.type === 'EXPRESS') return started(this.launch({ arn: this.expressArn(machine, name), name, machine, input: text }, child));
    const arn = machine.arn.replace(':stateMachine:', ':execution:') + `:${name}`;
    const earlier = this.executions.get(arn);
    if (earlier !== undefined && this.holdsName(earlier)) {
      if (earlier.status === 'RUNNING' && sameJson(earlier.input, text)) return started(earlier);
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    return started(this.launch({ arn, name, machine, input: text }, child));
  }

  /** Answers when the express execution has ended, however it did. */
  private async startSync(input: Members): Promise<Members> {
    const machine = this.machine(input.stateMachineArn as string);
    if (machine.type !== 'EXPRESS')
      throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
    const { text, name } = this.checked(input);
    const execution = this.launch({ arn: this.expressArn(machine, name), name, machine, input: text }, undefined);
    await execution.ended;
    return synchronous(execution);
  }

  private checked(input: Members): { text: string; name: string } {
    const text = (input.input as string | undefined) ?? '{}';
    checkInput(text);
    const name = (input.name as string | undefined) ?? this.cloud.random.uuid();
    checkName(name);
    return { text, name };
  }

  /** Names of express executions need not be their own: the last part of the ARN is. */
  private expressArn({ arn }: StateMachine, name: string): string {
    return `${arn.replace(':stateMachine:', ':express:')}:${name}:${this.cloud.random.uuid()}`;
  }

  private launch(request: ExecutionRequest, child: MapRunChild | undefined): Execution {
    const mapRun = child === undefined ? {} : { mapRun: { arn: child.mapRun.arn, itemCount: child.itemCount } };
    const execution = new Execution({ ...request, ...mapRun }, this.around);
    if (child !== undefined) child.execution = execution;
    this.executions.set(execution.arn, execution);
    return execution;
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
      const { arn, type } = this.machine(input.stateMachineArn as string);
      if (type === 'EXPRESS')
        throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
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
      type: machine.type,
      creationDate: new Date(machine.createdAtMillis),
    };
  }

  private machine(arn: string): StateMachine {
    const machine = this.machines.get(arn);
    if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  /** Express executions are asked for by nobody but the Map Run that they belong to. */
  private execution(arn: string): Execution {
    const execution = this.executions.get(arn);
    if (execution?.isExpress === true && execution.mapRun === undefined)
      throw new AwsError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
    if (execution === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }
}
