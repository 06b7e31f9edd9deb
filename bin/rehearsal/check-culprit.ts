import type { Charter } from '../../core/charter';
import { didYouMean } from '../../core/charter/suggest';
import { ERROR_RATE_KPI } from '../../core/contracts/observation';
import { BadInputError } from '../../core/errors';
import type { NamedScenario } from '../../rehearsal';

/** In the name of every alarm that rolls back. */
const ALARM_MARK = '-rollback-';

/** What a shadow phase can find; a deploy of the scenario may ask for one. */
const SHADOW = ['shadow-agreement', 'shadow-latency', 'shadow-errors'];

/** A culprit that nothing can be would never hold: refused before anything runs. */
export function checkCulprit({ file, scenario }: NamedScenario, charter: Charter): void {
  const { culprit } = scenario.expect;
  const known = [...charter.kpis.map(({ name }) => name), ERROR_RATE_KPI, ...SHADOW];
  if (culprit === undefined || known.includes(culprit) || culprit.includes(ALARM_MARK)) return;
  const hint = didYouMean(culprit, known);
  throw new BadInputError(
    [
      `${file}: expect.culprit: nothing of the charter has this name`,
      `  given:   ${culprit}`,
      `  allowed: ${known.join(', ')}, or the name of an alarm that rolls back (…${ALARM_MARK}…)`,
      ...(hint === undefined ? [] : [`  ${hint}`]),
    ].join('\n'),
  );
}
