import { formatProblem } from '../../core/charter';
import { powerOf, powerReport } from '../../core/charter/power';
import type { CommandSpec } from '../arguments';
import { helpText, parseArguments, positiveNumberOf } from '../arguments';
import type { Io } from '../io';
import { complain, EXIT, print } from '../io';
import { readCharter } from '../use-case';

const SPEC: CommandSpec = {
  name: 'validate',
  summary: 'Checks the charter of a use case: shape, names, files, and how the settings fit together.',
  positionals: ['<dir>'],
  options: {
    profile: { type: 'string', value: 'NAME', help: 'lays this profile of the charter over its serving section' },
    'units-per-minute': { type: 'string', value: 'N', help: 'traffic you expect: says after how many hours a verdict stands' },
    json: { type: 'boolean', help: 'prints one JSON object and nothing else' },
  },
  notes: ['exit codes: 0 the charter holds, 2 it must change'],
};

export async function run(args: string[], io: Io): Promise<number> {
  const parsed = parseArguments(args, SPEC);
  if (parsed.help) {
    print(io, helpText(SPEC));
    return EXIT.ok;
  }
  const unitsPerMinute = positiveNumberOf(parsed, SPEC, 'units-per-minute');
  const { file, result } = readCharter(parsed.positionals[0]!, parsed.texts['profile']);
  const asJson = parsed.flags['json'] === true;
  if (!result.ok) {
    if (asJson) print(io, JSON.stringify({ ok: false, file, problems: result.problems }));
    else complain(io, result.problems.map(formatProblem).join('\n\n'));
    return EXIT.badInput;
  }
  const traffic = unitsPerMinute === undefined ? {} : { unitsPerMinute };
  const { charter, effectless } = result;
  const overdue = charter.charter.reviewBy < new Date().toISOString().slice(0, 10);
  if (asJson) {
    print(io, JSON.stringify({ ok: true, file, useCase: charter.name, overdue, effectless, power: powerOf(charter, traffic) }));
    return EXIT.ok;
  }
  print(io, `${file}: ${charter.name} holds`);
  if (overdue) print(io, `overdue: charter.reviewBy was ${charter.charter.reviewBy}: review the use case and set a new day`);
  for (const { path, why } of effectless) print(io, `no effect yet: ${path}: ${why}`);
  for (const line of powerReport(charter, traffic)) print(io, `verdict: ${line}`);
  return EXIT.ok;
}
