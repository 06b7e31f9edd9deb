import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { faultPaths, serviceFaults } from '../../../rehearsal/world/arm-faults';
import { checkFaults } from '../../../rehearsal/world/check-faults';
import { loadScenarios, type NamedScenario } from '../../../rehearsal/world/load-scenario';

/** A scenario file with these faults, read as the command reads it. */
function load(faults: string): NamedScenario {
  const directory = mkdtempSync(path.join(tmpdir(), 'faults-'));
  mkdirSync(path.join(directory, 'scenarios'));
  const text = `title: t\nduration: 1d\ntraffic: { perMinute: 1 }\narms: { stable: { model: m.mjs } }\nfaults:\n${faults}\n`;
  writeFileSync(path.join(directory, 'scenarios', 's.yaml'), text);
  return loadScenarios(directory, 's')[0]!;
}

const check = (fault: string) => () => checkFaults(load(`  - ${fault}`));

describe('the language of faults', () => {
  it.each([
    '{ at: 3h, service: sagemaker, operation: UpdateEndpointWeightsAndCapacities, error: ThrottlingException, times: 3 }',
    '{ at: 4h, service: lambda, function: SupportTriage/Verdict/Handler, error: crash, for: 20m }',
    '{ at: 5h, kpi: duplicate, share: 0.1 }',
    '{ at: 6h, kpi: delay, by: 4h }',
    '{ at: 0s, endpoint: silent-rollback }',
    '{ at: 0s, service: dynamodb, operation: "*", resource: Ledger/Table, error: InternalServerError, effect: after, share: 0.1, for: 1h }',
    '{ at: 0s, service: sqs, operation: SendMessage, error: timeout, slow: 2s }',
    '{ at: 0s, service: s3, operation: PutObject, slow: 800ms }',
    '{ at: 0s, service: s3, operation: PutObject, error: SlowDown }',
    '{ at: 0s, service: sqs, operation: DeleteMessageBatch, error: InternalError, entries: 0.3 }',
    '{ at: 0s, service: lambda, function: Gateway/Handler, error: crash, afterCalls: 2, share: 0.2 }',
    '{ at: 0s, service: lambda, function: Gateway/Handler, start: cold, slow: 5s }',
    '{ at: 0s, service: sqs, resource: Intake/Queue, deliver: duplicate, share: 0.2, by: 1m }',
    '{ at: 0s, service: eventbridge, resource: Intake/Rule, deliver: out-of-order }',
    '{ at: 0s, service: sagemaker, operation: CreateEndpoint, error: ECONNRESET }',
    '{ at: 1h, endpoint: hang, during: UpdateEndpointWeightsAndCapacities }',
    '{ at: 1h, alarm: mute, name: rollback, for: 2h }',
    '{ at: 1h, rule: Rollback/AlarmRule, state: disabled, for: 2h }',
  ])('takes %s', (fault) => {
    expect(check(fault)).not.toThrow();
  });

  it.each([
    [
      '{ at: 0s, service: sqss, operation: SendMessage, error: timeout }',
      /faults\[0\]\.service[\s\S]*given: {3}sqss[\s\S]*Did you mean "sqs"/,
    ],
    [
      '{ at: 0s, service: sqs, operation: SendMesage, error: timeout }',
      /faults\[0\]\.operation[\s\S]*allowed: \*, [\s\S]*Did you mean "SendMessage"/,
    ],
    [
      '{ at: 0s, service: dynamodb, operation: CreateBackup, error: ThrottlingException }',
      /faults\[0\]\.operation: AWS has this operation of dynamodb, the laptop cloud does not[\s\S]*given: {3}CreateBackup[\s\S]*allowed: \*, BatchGetItem[\s\S]*PutItem/,
    ],
    [
      '{ at: 0s, service: dynamodb, operation: PutItems, slow: 2s }',
      /faults\[0\]\.operation: there is no such name[\s\S]*given: {3}PutItems[\s\S]*Did you mean "PutItem"/,
    ],
    [
      '{ at: 0s, service: sts, operation: "*", error: timeout }',
      /faults\[0\]\.service: AWS has this service, the laptop cloud does not[\s\S]*given: {3}sts[\s\S]*allowed: application-auto-?scaling, /,
    ],
    [
      '{ at: 0s, service: sagemaker, operation: CreateModel, error: ThrotlingException }',
      /faults\[0\]\.error[\s\S]*given: {3}ThrotlingException[\s\S]*Did you mean "ThrottlingException"/,
    ],
    [
      '{ at: 0s, service: sqs, operation: SendMessage, error: InternalError, entries: 0.3 }',
      /faults\[0\]\.entries[\s\S]*given: {3}sqs SendMessage\n[\s\S]*allowed: SendMessageBatch, DeleteMessageBatch/,
    ],
    ['{ at: 0s, service: s3, operation: PutObject, error: SlowDown, entries: 0.3 }', /allowed: no operation of s3/],
    ['{ at: 0s, service: lambda, function: F, error: timeout, afterCalls: 2 }', /faults\[0\]\.afterCalls: only a crash comes after calls/],
    [
      '{ at: 0s, service: sqs, resource: "arn:aws:sns:eu-west-1:1:t", deliver: duplicate }',
      /faults\[0\]\.resource: the ARN is of another service[\s\S]*arn:…:sqs:…/,
    ],
    [
      '{ at: 0s, service: sqs, operation: SendMessage, error: timeout, efect: after }',
      /faults\[0\]\.efect: is no setting here[\s\S]*Did you mean "effect"/,
    ],
    [
      '{ at: 0s, service: sqs, operation: SendMessage, error: timeout, effect: afer }',
      /faults\[0\]\.effect[\s\S]*one of before, after[\s\S]*Did you mean "after"/,
    ],
    ['{ at: 0s, service: sqs, operation: SendMessage, slow: 1 second }', /faults\[0\]\.slow[\s\S]*a duration such as 800ms/],
    ['{ at: 0s, service: sqs, operation: SendMessage, error: timeout, share: 2 }', /faults\[0\]\.share/],
    ['{ at: 0s, service: lambda, function: F, error: crsh }', /faults\[0\]\.error[\s\S]*one of crash, timeout[\s\S]*Did you mean "crash"/],
    ['{ at: 0s, rule: Rollback/AlarmRule, state: disabld }', /faults\[0\]\.state[\s\S]*disabled/],
    ['{ at: 0s, alarm: silence }', /faults\[0\]\.alarm[\s\S]*mute/],
    [
      '{ at: 0s, service: sqs, resource: Q, deliver: duplicates }',
      /faults\[0\]\.deliver[\s\S]*one of duplicate, out-of-order[\s\S]*Did you mean "duplicate"/,
    ],
  ])('refuses %s', (fault, message) => {
    expect(check(fault)).toThrow(message);
  });

  it('arms what it says', () => {
    const { scenario } = load(
      '  - { at: 1m, service: sqs, operation: SendMessage, resource: Intake/Queue, error: timeout, effect: after, slow: 2s, share: 0.5, times: 2, for: 1h }\n' +
        '  - { at: 1m, service: s3, operation: PutObject, slow: 800ms }\n' +
        '  - { at: 1m, service: eventbridge, resource: Intake/Rule, deliver: duplicate }\n' +
        '  - { at: 1m, service: lambda, function: Gateway/Handler, start: cold }\n' +
        '  - { at: 1m, rule: Rollback/AlarmRule, state: disabled }',
    );
    expect(serviceFaults(scenario, 1000)).toEqual([
      {
        fromMillis: 61_000,
        untilMillis: 3_661_000,
        service: 'sqs',
        operation: 'SendMessage',
        resource: 'Intake/Queue',
        error: 'timeout',
        effect: 'after',
        slowMillis: 2000,
        share: 0.5,
        times: 2,
      },
      { fromMillis: 61_000, untilMillis: Infinity, service: 's3', operation: 'PutObject', slowMillis: 800 },
    ]);
    expect(faultPaths(scenario)).toEqual([
      { where: 'faults[0].resource', path: 'Intake/Queue' },
      { where: 'faults[2].resource', path: 'Intake/Rule', type: 'AWS::Events::Rule' },
      { where: 'faults[3].function', path: 'Gateway/Handler', type: 'AWS::Lambda::Function' },
      { where: 'faults[4].rule', path: 'Rollback/AlarmRule', type: 'AWS::Events::Rule' },
    ]);
  });
});
