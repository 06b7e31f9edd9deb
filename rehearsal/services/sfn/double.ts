import { AwsError, type Cloud, type Members, type Operation, type Permission, type ServiceDouble } from '../../cloud/types';
import { PAYLOAD_LIMIT_BYTES } from './errors';
import { Execution, type StateMachine } from './execution';
import type { HistoryEvent } from './history';
import { TaskTokens } from './tokens';
import { parseDefinition } from './validate';

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
/** A name is free again this long after its execution ended. */
const NAME_KEPT_MILLIS = 90 * 24 * 3600 * 1000;

function only(action: string, resource: (input: Members, cloud: Cloud) => string): (input: Members, cloud: Cloud) => Permission[] {
  return (input, cloud) => [{ action: `states:${action}`, resource: resource(input, cloud) }];
}

function shown(event: HistoryEvent): Members {
  return {
    timestamp: new Date(event.atMillis),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...(event.detailsMember === undefined ? {} : { [event.detailsMember]: event.details }),
  };
}

/** A page of a list, with a token that says where the next one starts. */
function page<T>(items: readonly T[], input: Members, fallback: number): { items: T[]; nextToken: string | undefined } {
  const start = input.nextToken === undefined ? 0 : Number(input.nextToken);
  if (!Number.isInteger(start) || start < 0) throw new AwsError('InvalidToken', `Invalid Token: '${String(input.nextToken)}'`);
  const asked = (input.maxResults as number | undefined) ?? 0;
  const size = asked === 0 ? fallback : asked;
  return { items: items.slice(start, start + size), nextToken: start + size < items.length ? String(start + size) : undefined };
}

/** AWS Step Functions: standard state machines, their executions and task tokens. */
export class StepFunctions implements ServiceDouble {
  readonly service = 'sfn';
  readonly operations: Record<string, Operation>;
  private readonly machines = new Map<string, StateMachine>();
  private readonly executions = new Map<string, Execution>();
  private readonly tokens: TaskTokens;

  constructor(private readonly cloud: Cloud) {
    this.tokens = new TaskTokens(cloud.clock, cloud.random.fork('states/tokens'));
    const machine = (input: Members): string => input.stateMachineArn as string;
    const execution = (input: Members): string => input.executionArn as string;
    /** A token that is none is refused as such, not for want of a permission. */
    const ofToken =
      (action: string) =>
      (input: Members): Permission[] => {
        const resource = this.tokens.stateMachineOf(input.taskToken as string);
        return resource === undefined ? [] : [{ action: `states:${action}`, resource }];
      };
    this.operations = {
      StartExecution: { permissions: only('StartExecution', machine), run: (input) => this.start(input) },
      DescribeExecution: { permissions: only('DescribeExecution', execution), run: (input) => this.describe(input) },
      StopExecution: { permissions: only('StopExecution', execution), run: (input) => this.stop(input) },
      ListExecutions: { permissions: only('ListExecutions', machine), run: (input) => this.list(input) },
      GetExecutionHistory: { permissions: only('GetExecutionHistory', execution), run: (input) => this.history(input) },
      DescribeStateMachine: { permissions: only('DescribeStateMachine', machine), run: (input) => this.describeMachine(input) },
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

  /** Every execution so far, in order of start; for scenarios and invariants. */
  allExecutions(): readonly Execution[] {
    return [...this.executions.values()];
  }

  private start(input: Members): Members {
    const machine = this.machine(input.stateMachineArn as string);
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
      find: (childArn: string) => this.executions.get(childArn),
    };
    const execution = new Execution({ arn, name, machine, input: text }, around);
    this.executions.set(arn, execution);
    return started(execution);
  }

  private holdsName(execution: Execution): boolean {
    return execution.stoppedAtMillis === undefined || this.cloud.clock.now() < execution.stoppedAtMillis + NAME_KEPT_MILLIS;
  }

  private describe(input: Members): Members {
    const execution = this.execution(input.executionArn as string);
    const { output, error, cause } = execution;
    return {
      ...listed(execution),
      input: execution.input,
      inputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: execution.status === 'RUNNING' || execution.status === 'SUCCEEDED' ? 'NOT_REDRIVABLE' : 'REDRIVABLE',
      ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    };
  }

  private stop(input: Members): Members {
    const execution = this.execution(input.executionArn as string);
    execution.stop(input.error as string | undefined, input.cause as string | undefined);
    return { stopDate: new Date(execution.stoppedAtMillis ?? this.cloud.clock.now()) };
  }

  private list(input: Members): Members {
    const machine = this.machine(input.stateMachineArn as string);
    const matching = this.allExecutions()
      .filter((execution) => execution.machine.arn === machine.arn)
      .filter((execution) => input.statusFilter === undefined || execution.status === input.statusFilter)
      .reverse();
    const { items, nextToken } = page(matching, input, 100);
    return { executions: items.map(listed), ...(nextToken === undefined ? {} : { nextToken }) };
  }

  private history(input: Members): Members {
    const { events } = this.execution(input.executionArn as string).history;
    const { items, nextToken } = page(input.reverseOrder === true ? [...events].reverse() : events, input, 100);
    return { events: items.map(shown), ...(nextToken === undefined ? {} : { nextToken }) };
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

function started(execution: Execution): Members {
  return { executionArn: execution.arn, startDate: new Date(execution.startedAtMillis) };
}

function listed(execution: Execution): Members {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machine.arn,
    name: execution.name,
    status: execution.status,
    startDate: new Date(execution.startedAtMillis),
    ...(execution.stoppedAtMillis === undefined ? {} : { stopDate: new Date(execution.stoppedAtMillis) }),
  };
}
