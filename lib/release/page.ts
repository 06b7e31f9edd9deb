import type { Runbook } from '../../core/contracts';
import { call, jsonata, type State } from './asl';

interface PageParts {
  topicArn: string;
  runbooksUrl: string;
  useCaseName: string;
}

/**
 * JSONata of a text without addresses and the names of sessions and users: a reason may say what somebody typed. Handlers have
 * `core/notification/discreet` for it; a page of the workflow goes out when handlers are what fails.
 */
export const discreetly = (text: string): string =>
  [
    ['/assumed-role(\\/[\\w+=,.@-]+)\\/[\\w+=,.@-]+/', "'role$1'"],
    ['/:user\\/[\\w+=,.@\\/-]+/', "':user/…'"],
    ['/[\\w.%+-]+@[\\w-]+(\\.[\\w-]+)+/', "'(address)'"],
  ].reduce((value, [pattern, instead]) => `$replace(${value}, ${pattern}, ${instead})`, text);

/** Pages everybody from the workflow itself, without any handler. `text` is JSONata. */
export function page(parts: PageParts, what: string, text: string, runbook: Runbook, rest: State): State {
  const foot = `\n\nWhat to do: ${parts.runbooksUrl}/${runbook}.md`;
  return call(
    'sns',
    'publish',
    {
      TopicArn: parts.topicArn,
      Subject: `${parts.useCaseName}: ${what}`,
      Message: jsonata(`${discreetly(text)} & ${JSON.stringify(foot)}`),
    },
    rest,
  );
}
