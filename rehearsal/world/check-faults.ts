import { BadInputError } from '../../core/errors';
import { didYouMean } from '../../core/charter/suggest';
import { batchOperations, knownErrorCodes } from '../kernel/faults';
import { knownServices, serviceModel } from '../kernel/service-registry';
import type { NamedScenario } from './load-scenario';

const EVERY_OPERATION = '*';

/** A fault on a service or an operation that does not exist would never strike: refused before anything runs. */
export function checkFaults({ file, scenario }: NamedScenario): void {
  scenario.faults.forEach((fault, index) => {
    const where = `${file}: faults[${index}]`;
    if ('error' in fault && 'function' in fault && fault.afterCalls !== undefined && fault.error !== 'crash')
      throw new BadInputError(
        `${where}.afterCalls: only a crash comes after calls\n  given:   error: ${fault.error}\n  allowed: error: crash`,
      );
    if ('deliver' in fault && fault.resource.startsWith('arn:')) checkArn(`${where}.resource`, fault.resource, fault.service);
    if (!('operation' in fault)) return;
    if (!knownServices().includes(fault.service)) throw unknownName(`${where}.service`, fault.service, knownServices());
    const operations = [...serviceModel(fault.service).operations.keys()];
    if (fault.operation !== EVERY_OPERATION && !operations.includes(fault.operation))
      throw unknownName(`${where}.operation`, fault.operation, [EVERY_OPERATION, ...operations]);
    if ('error' in fault) {
      const codes = knownErrorCodes(fault.service);
      if (!codes.includes(fault.error)) throw unknownName(`${where}.error`, fault.error, codes);
    }
    if ('entries' in fault) {
      const batches = batchOperations(fault.service);
      if (!batches.includes(fault.operation))
        throw new BadInputError(
          [
            `${where}.entries: the operation is no batch of which a part can fail`,
            `  given:   ${fault.service} ${fault.operation}`,
            `  allowed: ${batches.length === 0 ? `no operation of ${fault.service}` : batches.join(', ')}`,
          ].join('\n'),
        );
    }
  });
}

/** The kind of ARN that each service delivers from. */
const ARN_SERVICES: Record<string, string> = { sqs: 'sqs', eventbridge: 'events' };

function checkArn(where: string, arn: string, service: string): void {
  const wanted = ARN_SERVICES[service] ?? service;
  if (arn.split(':')[2] === wanted) return;
  throw new BadInputError(`${where}: the ARN is of another service\n  given:   ${arn}\n  allowed: arn:…:${wanted}:…, or a construct path`);
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
