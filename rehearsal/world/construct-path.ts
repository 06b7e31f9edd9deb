import { didYouMean } from '../../core/charter/suggest';
import { BadInputError } from '../../core/errors';
import { endsWithPath } from '../kernel/constructs';

const MOST_LISTED = 40;

/** A fault on what no template has would never strike. */
export function checkPath(where: string, path: string, type: string | undefined, known: string[]): void {
  if (known.some((one) => endsWithPath(one, path))) return;
  const orElse = type === 'AWS::Lambda::Function' ? '' : '; or an ARN';
  throw unknownPath(`${where}: no ${type ?? 'resource'} has the construct path ${path}`, path, known, orElse);
}

/** Says which paths there are, and which of them was most likely meant. */
export function unknownPath(problem: string, path: string, known: string[], orElse = ''): BadInputError {
  const ids = path.split('/').length;
  const hint = didYouMean(path, [...new Set(known.map((one) => one.split('/').slice(-ids).join('/')))]);
  const allowed = known.length === 0 ? 'nothing: no stack holds one' : `${listed(known)}, or the end of one${orElse}`;
  return new BadInputError([problem, `  allowed: ${allowed}`, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n'));
}

const listed = (known: string[]): string =>
  known.length > MOST_LISTED ? `${known.slice(0, MOST_LISTED).join(', ')}, … (${known.length})` : known.join(', ');
