import { isKnownMethod } from './velocity-methods';
import { inputMembers, utilities } from './velocity-input';

/** Members of `$context` that mapping templates may read or, of the overrides, set. */
const contextMembers = new Set([
  'accountId',
  'apiId',
  'authorizer',
  'deploymentId',
  'domainName',
  'domainPrefix',
  'error',
  'extendedRequestId',
  'httpMethod',
  'identity',
  'integrationErrorMessage',
  'path',
  'protocol',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'resourceId',
  'resourcePath',
  'responseOverride',
  'stage',
]);

interface Node {
  type?: string;
  id?: unknown;
  path?: Node[];
  args?: unknown;
  value?: unknown;
  isEval?: boolean;
}

type Read = (text: string) => unknown;

/** What a template refers to that is not simulated: members of `$input`, `$util` and `$context`, directives, and methods of values. */
export function refuseReferences(node: unknown, read: Read): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => refuseReferences(item, read));
  if (typeof node !== 'object' || node === null) return [];
  const { type, value, isEval, ...rest } = node as Node;
  // A text in double quotes is a template of its own.
  if (type === 'string' && isEval === true && typeof value === 'string' && /[$#]/.test(value)) return refuseReferences(read(value), read);
  if (type === 'macro_call' || type === 'macro') return [`the directive #${String(rest.id)} of a mapping template`];
  const own = type === 'references' ? refuseReference(node as Node) : [];
  return [...own, ...Object.values(node as object).flatMap((part) => refuseReferences(part, read))];
}

function refuseReference({ id, path = [] }: Node): string[] {
  const [first, ...further] = path;
  const later = (id === 'input' || id === 'util' ? further : path)
    .filter(({ type, id: name }) => type === 'method' && !isKnownMethod(String(name)))
    .map(({ id: name }) => `the method ${String(name)}() of a mapping template`);
  const member = first?.id === undefined ? undefined : String(first.id);
  if (id === 'input' && member !== undefined && !inputMembers.includes(member)) return [`$input.${member} of a mapping template`, ...later];
  if (id === 'util' && member !== undefined && !Object.hasOwn(utilities, member))
    return [`$util.${member} of a mapping template`, ...later];
  if (id === 'context' && first?.type === 'property' && !contextMembers.has(member!))
    return [`$context.${member} of a mapping template`, ...later];
  return later;
}
