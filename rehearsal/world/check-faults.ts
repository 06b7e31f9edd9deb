import { BadInputError } from '../../core/errors';
import { didYouMean } from '../../core/charter/suggest';
import { batchOperations, knownErrorCodes } from '../kernel/faults';
import { hasServiceModel, serviceModel } from '../kernel/service-registry';
import { simulatedOperations } from '../services/operations';
import type { Scenario } from './scenario-schema';

const EVERY_OPERATION = '*';

/** A fault on a service or an operation that does not exist would never strike: refused before anything runs. */
export function checkFaults({ file, scenario }: { file: string; scenario: Pick<Scenario, 'faults'> }): void {
  scenario.faults.forEach((fault, index) => {
    const where = `${file}: faults[${index}]`;
    if ('error' in fault && 'function' in fault && fault.afterCalls !== undefined && fault.error !== 'crash')
      throw new BadInputError(
        `${where}.afterCalls: only a crash comes after calls\n  given:   error: ${fault.error}\n  allowed: error: crash`,
      );
    if ('deliver' in fault && fault.resource.startsWith('arn:')) checkArn(`${where}.resource`, fault.resource, fault.service);
    if (!('operation' in fault)) return;
    checkOperation(where, fault.service, fault.operation);
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

/** Only what the laptop cloud simulates is ever called, so that nothing else can be struck. */
function checkOperation(where: string, service: string, operation: string): void {
  const operations = simulatedOperations().get(service) ?? [];
  if (operations.length === 0) {
    const services = [...simulatedOperations()].filter(([, has]) => has.length > 0).map(([name]) => name);
    throw refusedName(`${where}.service`, service, services, hasServiceModel(service) ? notSimulated('service') : UNKNOWN);
  }
  if (operation === EVERY_OPERATION || operations.includes(operation)) return;
  const why = serviceModel(service).operations.has(operation) ? notSimulated(`operation of ${service}`) : UNKNOWN;
  throw refusedName(`${where}.operation`, operation, [EVERY_OPERATION, ...operations], why);
}

/** The kind of ARN that each service delivers from. */
const ARN_SERVICES: Record<string, string> = { sqs: 'sqs', eventbridge: 'events' };

function checkArn(where: string, arn: string, service: string): void {
  const wanted = ARN_SERVICES[service] ?? service;
  if (arn.split(':')[2] === wanted) return;
  throw new BadInputError(`${where}: the ARN is of another service\n  given:   ${arn}\n  allowed: arn:…:${wanted}:…, or a construct path`);
}

const LISTED = 12;
const UNKNOWN = 'there is no such name';
const notSimulated = (what: string): string => `AWS has this ${what}, the laptop cloud does not: the fault would never strike`;

function unknownName(where: string, given: string, known: string[]): BadInputError {
  const listed = known.length > LISTED ? [...known.slice(0, LISTED), `… (${known.length})`] : known;
  return refusedName(where, given, known, UNKNOWN, listed);
}

function refusedName(where: string, given: string, known: string[], why: string, listed = known): BadInputError {
  const hint = didYouMean(given, known);
  const lines = [`${where}: ${why}`, `  given:   ${given}`, `  allowed: ${listed.join(', ')}`];
  return new BadInputError([...lines, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n'));
}
