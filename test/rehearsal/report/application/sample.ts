import type { MachinePicture } from '../../../../rehearsal/application/pictures';
import type { ApplicationRehearsal, ApplicationResult } from '../../../../rehearsal/application/result';

export const machine: MachinePicture = {
  stateMachine: 'Shop/Orders',
  executions: 3,
  flow: {
    startAt: 'Charge',
    states: [
      {
        name: 'Charge',
        type: 'Task',
        arrows: [
          { to: 'Both', kind: 'next' },
          { to: 'Refused', kind: 'catch', words: 'Declined' },
        ],
        ends: false,
        inner: [],
      },
      {
        name: 'Both',
        type: 'Parallel',
        arrows: [{ to: 'Again', kind: 'next' }],
        ends: false,
        inner: [
          { startAt: 'Ship', states: [{ name: 'Ship', type: 'Pass', arrows: [], ends: true, inner: [] }] },
          { startAt: 'Tell', states: [{ name: 'Tell', type: 'Pass', arrows: [], ends: true, inner: [] }] },
        ],
      },
      {
        name: 'Again',
        type: 'Choice',
        arrows: [
          { to: 'Again', kind: 'rule' },
          { to: 'Done', kind: 'default' },
        ],
        ends: false,
        inner: [],
      },
      { name: 'Done', type: 'Succeed', arrows: [], ends: true, inner: [] },
      { name: 'Refused', type: 'Fail', arrows: [], ends: false, inner: [] },
      { name: 'Spare <b>', type: 'Pass', arrows: [], ends: true, inner: [] },
    ],
  },
  counts: {
    Charge: { entered: 3, failed: 1, retried: 2 },
    Both: { entered: 2, failed: 0, retried: 0 },
    Ship: { entered: 2, failed: 0, retried: 0 },
    Tell: { entered: 2, failed: 0, retried: 0 },
    Again: { entered: 2, failed: 0, retried: 0 },
    Done: { entered: 2, failed: 0, retried: 0 },
    Refused: { entered: 1, failed: 1, retried: 0 },
  },
  moves: [
    { from: 'Charge', to: 'Both', caught: false, count: 2 },
    { from: 'Both', to: 'Again', caught: false, count: 2 },
    { from: 'Again', to: 'Done', caught: false, count: 2 },
    { from: 'Charge', to: 'Refused', caught: true, count: 1 },
  ],
};

const execution = { stateMachine: 'Shop/Orders', historyEvents: 12, transitions: 3 };

const result: ApplicationResult = {
  application: 'Shop, Watch',
  scenario: 'declined',
  title: 'A card is declined & nobody ships',
  seed: 1,
  start: '2026-03-02T09:00:00.000Z',
  virtualSeconds: 3600,
  drainedAtSeconds: 3660,
  stillUnderWay: ['execution e3 of Shop/Orders, in Charge'],
  stacks: [
    {
      name: 'Shop',
      status: 'CREATE_COMPLETE',
      resources: 12,
      outputs: {},
      deletion: 'DELETE_COMPLETE',
      retained: [{ constructPath: 'Shop/Table', type: 'T' }],
    },
    {
      name: 'Watch',
      status: 'ROLLBACK_COMPLETE',
      reason: 'no such <key>',
      resources: 3,
      outputs: {},
      deletion: 'NOT_DEPLOYED',
      retained: [],
    },
  ],
  inputs: [
    { t: 0, where: 'inputs[0]', n: 1, kind: 'request', to: 'Shop/Api', ok: true, words: '201', status: 201 },
    { t: 60, where: 'inputs[0]', n: 2, kind: 'request', to: 'Shop/Api', ok: false, words: '500', status: 500 },
  ],
  inputsLeftOut: 30,
  executions: [
    {
      ...execution,
      name: 'e1',
      status: 'SUCCEEDED',
      startedAtSeconds: 1,
      endedAtSeconds: 4.25,
      states: [{ t: 1, state: 'Charge', seconds: 1 }],
    },
    {
      ...execution,
      name: 'e2',
      status: 'FAILED',
      error: 'Refused',
      cause: 'no <money>',
      startedAtSeconds: 61,
      endedAtSeconds: 900,
      states: [
        { t: 61, state: 'Charge' },
        { t: 62, state: 'Refused' },
      ],
      statesLeftOut: 20,
    },
    { ...execution, name: 'e3', status: 'RUNNING', startedAtSeconds: 100, states: [] },
  ],
  functions: [
    { function: 'Shop/Charge', invocations: 5, errors: 3 },
    { function: 'Shop/Ship', invocations: 2, errors: 0, standIn: true },
  ],
  queues: [
    { queue: 'Shop/Jobs', messages: 0, isDeadLetterQueue: false },
    { queue: 'Shop/Dead', messages: 2, isDeadLetterQueue: true },
  ],
  alarms: [
    {
      alarm: 'Watch/Failures',
      state: 'ALARM',
      changes: [
        { t: -60, state: 'OK' },
        { t: 300, state: 'ALARM' },
      ],
    },
  ],
  timeline: [
    { t: -300, source: 'cloudformation', event: 'CREATE_COMPLETE', detail: { stack: 'Shop' } },
    { t: 30, source: 'fault', event: 'begins', detail: { function: 'Shop/Charge', error: 'crash' } },
    { t: 61, source: 'lambda', event: 'error', detail: { function: 'Shop/Charge', errorType: 'E', errorMessage: 'm' } },
    { t: 62, source: 'states', event: 'running', detail: { stateMachine: 'Shop/Orders', execution: 'e2' } },
  ],
  expectations: [
    { where: 'expect.items[0]', text: 'one item', held: true },
    { where: 'expect.items[1]', text: 'no parcel', held: false, seen: '2 parcels' },
  ],
  checks: [
    { name: 'deployed', held: false, violations: ['stack Watch: ROLLBACK_COMPLETE'], count: 3 },
    { name: 'inputs', held: true },
  ],
  iam: { denied: [], unused: [{ role: 'Shop/Role', action: 's3:GetObject', resource: '*' }] },
};

export const rehearsal = (changes: Partial<ApplicationResult> = {}): ApplicationRehearsal => ({
  result: { ...result, ...changes },
  pictures: [machine],
  wallSeconds: 1.25,
});
