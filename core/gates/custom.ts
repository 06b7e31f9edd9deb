import type { GateMeasure } from '../contracts';
import { type GateDecision, undecided } from './decision';
import { shortened } from './words';

const MOST_MEASURES = 50;
const MOST_NAME_CHARACTERS = 120;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a gate of the user's answered; whatever is no `{ passed, reason?, measured? }` fails the gate. */
export function readCustomAnswer(answer: unknown): GateDecision {
  const said = parsed(answer);
  if (!isObject(said) || typeof said.passed !== 'boolean') {
    return undecided('the gate answered no { passed: true or false }: what it answers is not understood');
  }
  const { passed, reason, measured } = said;
  if (reason !== undefined && typeof reason !== 'string') return undecided('reason of what the gate answered is no text');
  const measures = measuresOf(measured);
  if (measures === undefined) {
    return undecided(`measured of what the gate answered is no list of at most ${MOST_MEASURES} { name, value?, passed? }`);
  }
  const broken = measures.filter((measure) => !measure.passed).map(({ name }) => name);
  if (passed && broken.length > 0) {
    return { passed: false, reason: shortened(`the gate says passed, and that ${broken.join(', ')} did not`), measured: measures };
  }
  const silent = passed ? 'the gate passed without a reason' : 'the gate failed without a reason';
  return { passed, reason: shortened(reason === undefined || reason === '' ? silent : reason), measured: measures };
}

/** A state machine's output arrives as text where it is no object. */
function parsed(answer: unknown): unknown {
  if (typeof answer !== 'string') return answer;
  try {
    return JSON.parse(answer) as unknown;
  } catch {
    return answer;
  }
}

function measuresOf(measured: unknown): GateMeasure[] | undefined {
  if (measured === undefined) return [];
  if (!Array.isArray(measured) || measured.length > MOST_MEASURES) return undefined;
  const measures = measured.map(measureOf);
  return measures.includes(undefined) ? undefined : (measures as GateMeasure[]);
}

function measureOf(item: unknown): GateMeasure | undefined {
  if (!isObject(item) || typeof item.name !== 'string') return undefined;
  const { name, value, unit, demanded, passed = true, count } = item;
  const numbersFit = [value, count].every((number) => number === undefined || Number.isFinite(number));
  const textsFit = [unit, demanded].every((text) => text === undefined || typeof text === 'string');
  if (!numbersFit || !textsFit || typeof passed !== 'boolean') return undefined;
  return {
    name: shortened(name, MOST_NAME_CHARACTERS),
    ...(value === undefined ? {} : { value: value as number }),
    ...(unit === undefined ? {} : { unit: shortened(unit as string, MOST_NAME_CHARACTERS) }),
    ...(demanded === undefined ? {} : { demanded: shortened(demanded as string, MOST_NAME_CHARACTERS) }),
    passed,
    ...(count === undefined ? {} : { count: count as number }),
  };
}
