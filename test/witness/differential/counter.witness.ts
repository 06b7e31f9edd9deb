import type { Members } from '../../../rehearsal/cloud/types';
import type { StepFunctions } from '../../../rehearsal/services/sfn';
import type { sizeOf as sizeOfValue } from '../../../rehearsal/services/dynamodb/values';
import { querying } from './dynamodb/reads';
import { createTables } from './dynamodb/tables';
import { writing } from './dynamodb/writes';
import { hunt } from './engine/hunt';
import type { Area } from './engine/hunt';
import { ourSide, witnessSide } from './engine/sides';
import type { OurSide, Side } from './engine/sides';
import { explained } from './explained';
import { prepareMachines, running } from './machines/areas';
import { matching } from './patterns/areas';
import { objects } from './s3/areas';

/** The laptop cloud broken on purpose: each fault is found within the area's usual number of cases. */
let mockWrongSize = false;

jest.mock('../../../rehearsal/services/dynamodb/values', () => {
  const actual = jest.requireActual<{ sizeOf: typeof sizeOfValue }>('../../../rehearsal/services/dynamodb/values');
  const sizeOf: typeof sizeOfValue = (value) => {
    const size = actual.sizeOf(value);
    return mockWrongSize && size !== undefined && value.S !== undefined ? size + 1 : size;
  };
  return { ...actual, sizeOf };
});

/** Changes what an operation of a double is asked. */
function asking(side: OurSide, service: string, operation: string, change: (input: Members) => Members): void {
  const { operations } = side.cloud.double(service);
  const sound = operations[operation]!;
  operations[operation] = { ...sound, run: (input, call) => sound.run(change(input), call) };
}

interface Fault {
  what: string;
  area: Area<unknown>;
  strike(side: OurSide): void;
  prepare?(ours: OurSide, witness: Side): Promise<void>;
}

const replaced = (input: Members, member: string, from: string, to: string): Members => ({
  ...input,
  [member]: (input[member] as string).replaceAll(from, to),
});

const faults: Fault[] = [
  { what: 'size() of a text is one too many', area: writing, prepare: createTables, strike: () => (mockWrongSize = true) },
  {
    what: 'a page of a query holds one item too many',
    area: querying,
    prepare: createTables,
    strike: (side) =>
      asking(side, 'dynamodb', 'Query', (input) =>
        input['Limit'] === undefined ? input : { ...input, Limit: (input['Limit'] as number) + 1 },
      ),
  },
  {
    what: 'a put overwrites what it must not',
    area: objects,
    strike: (side) => asking(side, 's3', 'PutObject', ({ IfNoneMatch: _dropped, ...input }) => input),
  },
  {
    what: 'a copy is made of the newest version',
    area: objects,
    strike: (side) =>
      asking(side, 's3', 'CopyObject', (input) => ({ ...input, CopySource: (input['CopySource'] as string).split('?')[0] })),
  },
  {
    what: 'a pattern takes suffixes for prefixes',
    area: matching,
    strike: (side) => asking(side, 'eventbridge', 'TestEventPattern', (input) => replaced(input, 'EventPattern', '"suffix"', '"prefix"')),
  },
  {
    what: 'a Choice takes greater for less',
    area: running,
    prepare: prepareMachines,
    strike: (side) => {
      const double = side.cloud.double<StepFunctions>('sfn');
      const sound = double.putStateMachine.bind(double);
      double.putStateMachine = (name, text, ...more) => sound(name, text.replaceAll('NumericLessThan"', 'NumericGreaterThan"'), ...more);
    },
  },
];

const witness = witnessSide();
afterAll(() => witness.close());

it.each(faults.map((fault) => [fault.what, fault] as const))('finds that %s', async (_what, { area, strike, prepare }) => {
  const ours = ourSide();
  await prepare?.(ours, witness);
  strike(ours);
  try {
    const { unexplained } = await hunt(area, { ours, witness }, explained, false);
    expect(unexplained).toContain(`${area.name}: the sides differ`);
  } finally {
    mockWrongSize = false;
  }
});
