import { BadInputError } from '../../core/errors';
import { didYouMean } from '../../core/charter/suggest';
import { knownServices, serviceModel } from '../kernel/service-registry';
import type { NamedScenario } from './load-scenario';

/** A fault on a service or an operation that does not exist would never strike: refused before anything runs. */
export function checkFaults({ file, scenario }: NamedScenario): void {
  scenario.faults.forEach((fault, index) => {
    if (!('operation' in fault)) return;
    const where = `${file}: faults[${index}]`;
    if (!knownServices().includes(fault.service)) throw unknownName(`${where}.service`, fault.service, knownServices());
    const operations = [...serviceModel(fault.service).operations.keys()];
    if (!operations.includes(fault.operation)) throw unknownName(`${where}.operation`, fault.operation, operations);
  });
}

const LISTED = 12;

function unknownName(where: string, given: string, known: string[]): BadInputError {
  const hint = didYouMean(given, known);
  const listed = known.length > LISTED ? `${known.slice(0, LISTED).join(', ')}, … (${known.length})` : known.join(', ');
  return new BadInputError(
    [`${where}: there is no such name`, `  given:   ${given}`, `  allowed: ${listed}`, ...(hint === undefined ? [] : [`  ${hint}`])].join(
      '\n',
    ),
  );
}
