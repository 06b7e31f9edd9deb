import { AwsError, UnsupportedError, type Cloud } from '../cloud/types';

const WORLD = { kind: 'world', principalArn: 'cloudformation.amazonaws.com' } as const;
const REFERENCE = /\{\{resolve:([a-z-]+):([^}]*)\}\}/g;

/** Replaces `{{resolve:…}}` in all texts of resolved properties by what the services hold now. */
export async function resolveReferences(cloud: Cloud, value: unknown): Promise<unknown> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? inText(cloud, value) : value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await resolveReferences(cloud, item));
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) members.push([name, await resolveReferences(cloud, member)]);
  return Object.fromEntries(members);
}

async function inText(cloud: Cloud, text: string): Promise<string> {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [whole, service = '', rest = ''] = match;
    result += text.slice(end, match.index) + (await valueOf(cloud, service, rest));
    end = match.index + whole.length;
  }
  return result + text.slice(end);
}

function valueOf(cloud: Cloud, service: string, rest: string): Promise<string> {
  if (service === 'ssm' || service === 'ssm-secure') return parameter(cloud, rest);
  if (service === 'secretsmanager') return secret(cloud, rest);
  throw new UnsupportedError(`the dynamic reference {{resolve:${service}:${rest}}} is not supported; ssm and secretsmanager are`);
}

async function parameter(cloud: Cloud, rest: string): Promise<string> {
  // A version is a number at the end; only the newest is kept.
  const name = rest.replace(/:\d+$/, '');
  const { Parameter: found } = await cloud.call('ssm', 'GetParameter', { Name: name }, WORLD);
  return String((found as { Value: unknown }).Value);
}

/** `<secret id or ARN>[:SecretString[:<JSON key>[:<stage>[:<version>]]]]`. */
async function secret(cloud: Cloud, rest: string): Promise<string> {
  const parts = rest.split(':');
  const idParts = rest.startsWith('arn:') ? 7 : 1;
  const id = parts.slice(0, idParts).join(':');
  const [, key = '', stage = '', version = ''] = parts.slice(idParts);
  const { SecretString: text } = await cloud.call(
    'secrets-manager',
    'GetSecretValue',
    { SecretId: id, ...(stage === '' ? {} : { VersionStage: stage }), ...(version === '' ? {} : { VersionId: version }) },
    WORLD,
  );
  if (key === '') return String(text);
  const value = (JSON.parse(String(text)) as Record<string, unknown>)[key];
  if (value === undefined) throw new AwsError('ValidationError', `Could not find a value associated with JSONKey in SecretString: ${id}`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
