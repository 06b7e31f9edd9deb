import type { Random } from '../../rehearsal/cloud/types';
import { between, pick, type Entry } from './draw';

/** Operations that handlers and workflows depend on, with an error that each may answer. */
const CALLS: readonly [service: string, operation: string, error: string][] = [
  ['sagemaker', 'UpdateEndpoint', 'ThrottlingException'],
  ['sagemaker', 'UpdateEndpointWeightsAndCapacities', 'ThrottlingException'],
  ['sagemaker', 'CreateModel', 'ThrottlingException'],
  ['sagemaker', 'CreateEndpointConfig', 'ThrottlingException'],
  ['sagemaker', 'DescribeEndpoint', 'ThrottlingException'],
  ['sagemaker', 'DeleteEndpointConfig', 'ThrottlingException'],
  ['sagemaker', 'DeleteModel', 'ThrottlingException'],
  ['sagemaker-runtime', 'InvokeEndpoint', 'ThrottlingException'],
  ['dynamodb', 'TransactWriteItems', 'InternalServerError'],
  ['dynamodb', 'PutItem', 'ProvisionedThroughputExceededException'],
  ['dynamodb', 'UpdateItem', 'InternalServerError'],
  ['dynamodb', 'GetItem', 'InternalServerError'],
  ['dynamodb', 'Query', 'ThrottlingException'],
  ['sfn', 'SendTaskSuccess', 'ThrottlingException'],
  ['sfn', 'SendTaskHeartbeat', 'ThrottlingException'],
  ['sfn', 'StartExecution', 'ThrottlingException'],
  ['s3', 'PutObject', 'SlowDown'],
  ['s3', 'GetObject', 'SlowDown'],
  ['sns', 'Publish', 'InternalErrorException'],
  ['eventbridge', 'PutEvents', 'InternalException'],
  ['kms', 'Sign', 'KMSInternalException'],
  ['sqs', 'SendMessage', 'ThrottlingException'],
];

const FUNCTIONS = [
  'Verdict/Handler',
  'Rollback/Handler',
  'Release/Step',
  'Release/Request',
  'Release/Approval',
  'Seal/Handler',
  'Watch/Handler',
  'Intake/Handler',
  'Gateway/Handler',
] as const;

const QUEUES_AND_RULES: readonly [service: string, resource: string][] = [
  ['sqs', 'Intake/Queue'],
  ['eventbridge', 'Intake/Rule'],
  ['eventbridge', 'Rollback/AlarmRule'],
  ['eventbridge', 'Rollback/LostExecutionRule'],
];

const whenever = (random: Random): Entry => ({ at: between(random, 0, 150), for: between(random, 1, 20) });

/** A fault of each kind; none lasts longer than what is to outlive it would wait. */
const KINDS: ((random: Random) => Entry)[] = [
  (random) => {
    const [service, operation, error] = pick(random, CALLS);
    return { ...whenever(random), service, operation, error };
  },
  (random) => {
    const [service, operation, error] = pick(random, CALLS);
    return { ...whenever(random), service, operation, error, share: 0.3 };
  },
  (random) => {
    const [service, operation] = pick(random, CALLS);
    return { ...whenever(random), service, operation, error: 'timeout', effect: pick(random, ['before', 'after']), share: 0.2 };
  },
  (random) => {
    const [service, operation] = pick(random, CALLS);
    return { ...whenever(random), service, operation, slow: between(random, 0.02, 0.2) };
  },
  (random) => ({ ...whenever(random), service: 'lambda', function: pick(random, FUNCTIONS), error: pick(random, ['crash', 'timeout']) }),
  (random) => ({
    ...whenever(random),
    service: 'lambda',
    function: pick(random, FUNCTIONS),
    error: 'crash',
    afterCalls: 1 + random.integer(4),
    share: 0.5,
  }),
  (random) => ({ ...whenever(random), service: 'lambda', function: pick(random, FUNCTIONS), start: 'cold', slow: '3s' }),
  (random) => {
    const [service, resource] = pick(random, QUEUES_AND_RULES);
    return { ...whenever(random), service, resource, deliver: pick(random, ['duplicate', 'out-of-order']), by: '1m', share: 0.5 };
  },
  (random) => ({
    at: between(random, 0, 120),
    endpoint: pick(random, ['capacity', 'silent-rollback', 'rollback-failed', 'hang']),
    times: 1 + random.integer(2),
  }),
  (random) => ({ at: between(random, 1, 120), alarm: 'mute', for: between(random, 5, 60) }),
  (random) => ({ at: between(random, 1, 120), rule: 'Rollback/AlarmRule', state: 'disabled', for: between(random, 5, 60) }),
  (random) => ({ at: between(random, 0, 120), metrics: 'delay', by: between(random, 1, 10), for: between(random, 5, 60) }),
  (random) => ({ at: between(random, 0, 120), kpi: 'duplicate', share: 0.3 }),
  (random) => ({ at: between(random, 0, 120), kpi: 'delay', by: between(random, 1, 20), share: 0.3 }),
];

export const drawFaults = (random: Random): Entry[] => Array.from({ length: 1 + random.integer(4) }, () => pick(random, KINDS)(random));
