import { AwsError, type Cloud } from '../cloud/types';
import type { AssemblyStack, TemplateParameter } from './load';

/** Values that the scenario gives, by parameter name or `Stack/Parameter`. */
export type GivenParameters = Readonly<Record<string, unknown>>;

const WORLD = { kind: 'world', principalArn: 'cloudformation.amazonaws.com' } as const;
const SSM_VALUE = 'AWS::SSM::Parameter::Value';
/** Every account that was bootstrapped lately has this version or a later one. */
const BOOTSTRAP_VERSION = '99';

export const isStored = ({ Type }: TemplateParameter): boolean => Type.startsWith(SSM_VALUE);
export const isBootstrapVersion = (key: unknown): boolean => /^\/cdk-bootstrap\/[^/]+\/version$/.test(String(key));
const isList = ({ Type }: TemplateParameter): boolean => /^(List<|CommaDelimitedList)|<(List<|CommaDelimitedList)/.test(Type);

/** What a parameter is set to: the key of a stored one. Undefined: to nothing. */
export function settingOf(stack: AssemblyStack, name: string, given: GivenParameters): unknown {
  return given[`${stack.name}/${name}`] ?? given[name] ?? stack.parameters?.[name] ?? stack.template.Parameters?.[name]?.Default;
}

/** As `Ref` gives it: a number where the parameter is one, as CloudFormation hands it to properties that are numbers. */
export function typed(parameter: TemplateParameter, value: unknown): unknown {
  if (parameter.Type === 'Number') return Number(value);
  if (!isList(parameter)) return Array.isArray(value) ? value.join(',') : String(value);
  if (Array.isArray(value)) return value;
  return String(value) === ''
    ? []
    : String(value)
        .split(',')
        .map((part) => part.trim());
}

/** The values of a stack's parameters when it is deployed. Those without any are left out: only a reference to them is an error. */
export async function parameterValues(cloud: Cloud, stack: AssemblyStack, given: GivenParameters): Promise<Map<string, unknown>> {
  const values = new Map<string, unknown>();
  for (const [name, parameter] of Object.entries(stack.template.Parameters ?? {})) {
    const setting = settingOf(stack, name, given);
    if (setting === undefined) continue;
    const isGiven = given[`${stack.name}/${name}`] !== undefined || given[name] !== undefined;
    values.set(name, typed(parameter, isStored(parameter) ? await storedValue(cloud, String(setting), isGiven) : setting));
  }
  return values;
}

/** A scenario may give the name of a parameter that a stack holds, or the value itself of one that no stack holds. */
async function storedValue(cloud: Cloud, key: string, isGiven: boolean): Promise<string> {
  if (isBootstrapVersion(key)) return BOOTSTRAP_VERSION;
  try {
    const { Parameter: found } = await cloud.call('ssm', 'GetParameter', { Name: key }, WORLD);
    return String((found as { Value: unknown }).Value);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ParameterNotFound') throw error;
    if (isGiven) return key;
    throw new AwsError('ValidationError', `Unable to fetch parameters [${key}] from parameter store for this account.`);
  }
}
