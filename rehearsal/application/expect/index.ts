import { checkHappening } from '../../world/happening';
import type { TimelineEntry } from '../../world/timeline';
import { amountText, fits } from '../amounts';
import type { ExpectationOutcome } from '../result';
import type { Sight } from '../sight';
import { expectedAlarms } from './alarms';
import { expectedExecutions } from './executions';
import { expectedItems } from './items';
import { expectedMessages } from './messages';
import { expectedObjects } from './objects';
import { listed, outcome } from './outcome';

/** Holds the scenario's expectations against what happened and stands, in the order in which they are written; those on the timeline aside. */
export const checkExpectations = (sight: Sight): ExpectationOutcome[] => [
  ...expectedAnswers(sight),
  ...expectedExecutions(sight),
  ...expectedItems(sight),
  ...expectedObjects(sight),
  ...expectedMessages(sight),
  ...expectedAlarms(sight),
  ...expectedFunctions(sight),
  ...expectedDenials(sight),
];

/** The deletion of the stacks is the last of the timeline. */
export const checkTimeline = ({ expect }: Sight['scenario'], timeline: readonly TimelineEntry[]): ExpectationOutcome[] =>
  expect.timeline.map((happening, index) => ({ where: `expect.timeline[${index}]`, ...checkHappening(happening, timeline) }));

/** Of the requests that say what they expect: one line for all repetitions. */
function expectedAnswers({ scenario, sent }: Sight): ExpectationOutcome[] {
  return scenario.inputs.flatMap(({ request }, index) => {
    if (request?.answer === undefined) return [];
    const own = sent.filter((one) => one.index === index);
    const wrong = own.filter(({ ok }) => !ok);
    const { status, body } = request.answer;
    const how = [...(status === undefined ? [] : [`${status}`]), ...(body === undefined ? [] : [JSON.stringify(body)])].join(' ');
    const seen = listed(
      wrong.map(({ n, otherwise, words }) => `${own.length > 1 ? `request ${n}: ` : ''}${otherwise ?? words}`),
      'it was not sent',
    );
    const text = `${request.method} ${request.path} is answered with ${how === '' ? 'these headers' : how}`;
    return [outcome(`inputs[${index}].request.answer`, text, own.length > 0 && wrong.length === 0, seen)];
  });
}

function expectedFunctions({ scenario, places, watch }: Sight): ExpectationOutcome[] {
  return scenario.expect.functions.flatMap(({ function: path, invocations, errors }, index) => {
    const counts = watch.invocations.get(places.pathOf(path, 'function')) ?? { invocations: 0, errors: 0 };
    const each = (name: 'invocations' | 'errors', wanted: typeof invocations): ExpectationOutcome[] =>
      wanted === undefined
        ? []
        : [
            outcome(
              `expect.functions[${index}].${name}`,
              `${name} of ${path}: ${amountText(wanted)}`,
              fits(counts[name], wanted),
              String(counts[name]),
            ),
          ];
    return [...each('invocations', invocations), ...each('errors', errors)];
  });
}

export type ExpectedDenial = Sight['scenario']['expect']['denied'][number];

export const isDenial = (denied: Sight['denied'][number], { role, action, resource }: ExpectedDenial): boolean =>
  denied.action === action && denied.role.includes(role ?? '') && denied.resource.includes(resource ?? '');

function expectedDenials({ scenario, denied }: Sight): ExpectationOutcome[] {
  return scenario.expect.denied.map((wanted, index) => {
    const { role, action, resource } = wanted;
    const text = `${action}${role === undefined ? '' : ` by ${role}`}${resource === undefined ? '' : ` on ${resource}`} is denied`;
    const seen = listed(
      denied.map((one) => `${one.role} ${one.action}`),
      'nothing was denied',
    );
    return outcome(
      `expect.denied[${index}]`,
      text,
      denied.some((one) => isDenial(one, wanted)),
      seen,
    );
  });
}
