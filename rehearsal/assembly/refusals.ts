import { UnsupportedError, type Cloud, type Members, type RefusalContext, type ResourceType } from '../cloud/types';
import { constructPathOf } from './construct-path';
import { resolve } from './intrinsics';
import type { AssemblyStack, TemplateResource } from './load';
import { NESTED_STACK } from './nested-stack';
import { isBootstrapVersion, isStored, settingOf, type GivenParameters } from './parameters';
import { Sketch, type FindInOthers } from './sketch';
import { carriesNothing, isCustom } from './standing';

export interface Assessment {
  cloud: Cloud;
  types: readonly ResourceType[];
  given?: GivenParameters;
}

/** Something that the laptop cloud lacks, and the constructs, parameters or stacks that need it. */
export interface Refusal {
  what: string;
  where: string[];
  /** Functions whose code cannot run: a scenario may stand in for them. */
  isReplaceable: boolean;
}

/** Throws one error that names all that is lacking, before anything runs. */
export function refuseUnsupported(assessment: Assessment, stacks: readonly AssemblyStack[]): void {
  const refusals = findRefusals(assessment, stacks);
  if (refusals.length === 0) return;
  const lines = refusals.map(({ what, where }) => `  ${what}: ${where.join(', ')}`);
  const functions = [...new Set(refusals.flatMap(({ isReplaceable, where }) => (isReplaceable ? where : [])))];
  if (functions.length > 0)
    lines.push(
      `A scenario may stand in for functions that cannot run: functions: { ${functions.map((one) => `${one}: module.mjs`).join(', ')} }`,
    );
  throw new UnsupportedError(['The laptop cloud does not have all that this assembly needs:', ...lines].join('\n'));
}

/** All that is lacking, in the order in which the templates name it. */
export function findRefusals({ cloud, types, given = {} }: Assessment, stacks: readonly AssemblyStack[]): Refusal[] {
  const known = new Map(types.map((type) => [type.type, type]));
  const sketches: Sketch[] = [];
  const others: FindInOthers = {
    importValue: (name) => sketches.map((sketch) => sketch.exported(name)).find((value) => value !== undefined),
    stackOutput: (stackName, outputName) => sketches.find(({ stack }) => stack.name === stackName)?.output(outputName),
  };
  sketches.push(...stacks.map((stack) => new Sketch(cloud, stack, given, others)));
  const found = new Map<string, Refusal>();
  const note: Note = (what, where, isReplaceable = false) => {
    const refusal = found.get(what) ?? { what, where: [], isReplaceable };
    if (!refusal.where.includes(where)) refusal.where.push(where);
    found.set(what, refusal);
  };
  const heldParameters = new Set<unknown>();
  for (const sketch of sketches)
    attempt(`stack ${sketch.stack.name}`, note, () => parametersOf(sketch).forEach((name) => heldParameters.add(name)));
  for (const sketch of sketches) assess(sketch, known, given, heldParameters, note);
  return [...found.values()];
}

type Note = (what: string, where: string, isReplaceable?: boolean) => void;

function assess(
  sketch: Sketch,
  known: ReadonlyMap<string, ResourceType>,
  given: GivenParameters,
  heldParameters: ReadonlySet<unknown>,
  note: Note,
): void {
  const { stack } = sketch;
  assessTemplate(stack, given, heldParameters, note);
  const idle = providersOnly(sketch, known);
  let resources: ReturnType<Sketch['resources']> = [];
  attempt(`stack ${stack.name}`, note, () => {
    resources = sketch.resources();
  });
  for (const [logicalId, resource] of resources) {
    const where = constructPathOf(stack.template, logicalId) || `${stack.name}/${logicalId}`;
    // What cannot be resolved is a problem of this resource; the others are told all the same.
    attempt(where, note, () => {
      if (resource.Type === NESTED_STACK) assess(sketch.nested(logicalId), known, given, heldParameters, note);
      else assessResource(sketch, logicalId, resource, where, known, idle, note);
    });
  }
}

function assessResource(
  sketch: Sketch,
  logicalId: string,
  resource: TemplateResource,
  where: string,
  known: ReadonlyMap<string, ResourceType>,
  idle: ReadonlySet<string>,
  note: Note,
): void {
  const type = known.get(resource.Type);
  if (type === undefined && !isCustom(resource.Type)) {
    if (!carriesNothing(resource.Type)) note(`the resource type ${resource.Type}`, where);
    return;
  }
  if (idle.has(logicalId)) return;
  const properties = resolve(resource.Properties ?? {}, sketch.scope) as Members;
  if (type === undefined) {
    const token = String(properties['ServiceToken']);
    if (token.split(':')[2] !== 'lambda') note(`a custom resource whose ServiceToken is no function (${token})`, where);
    return;
  }
  const context: RefusalContext = {
    cloud: sketch.cloud,
    logicalId,
    constructPath: constructPathOf(sketch.stack.template, logicalId),
    stackName: sketch.stack.name,
    assetPath: (_bucket, key) => sketch.stack.assets.get(key),
    ...(sketch.stack.directory === undefined ? {} : { assemblyDirectory: sketch.stack.directory }),
  };
  for (const what of type.refuse?.(properties, context) ?? []) note(what, where, resource.Type === 'AWS::Lambda::Function');
}

/** What concerns the template as a whole. */
function assessTemplate(stack: AssemblyStack, given: GivenParameters, heldParameters: ReadonlySet<unknown>, note: Note): void {
  const { template } = stack;
  const transforms = template.Transform === undefined ? [] : [template.Transform].flat();
  for (const transform of transforms) note(`the template transform ${JSON.stringify(transform)}`, `stack ${stack.name}`);
  for (const rule of Object.keys(template.Rules ?? {}))
    if (rule !== 'CheckBootstrapVersion') note(`the template rule ${rule}`, `stack ${stack.name}`);
  for (const image of stack.images ?? []) note('a container image that the CDK builds', `stack ${stack.name} (${image})`);
  for (const [name, parameter] of Object.entries(template.Parameters ?? {})) {
    if (!isStored(parameter)) continue;
    const key = settingOf(stack, name, {});
    const isGiven = given[`${stack.name}/${name}`] !== undefined || given[name] !== undefined;
    if (isGiven || isBootstrapVersion(key) || heldParameters.has(key)) continue;
    note(`the SSM parameter ${String(key)}, which no stack holds (give it in the scenario's parameters)`, `${stack.name}/${name}`);
  }
}

/** Names of the SSM parameters that the stack makes. */
const parametersOf = (sketch: Sketch): unknown[] =>
  Object.values(sketch.stack.template.Resources)
    .filter(({ Type }) => Type === 'AWS::SSM::Parameter')
    .map(({ Properties }) => resolve(Properties?.['Name'], sketch.scope));

/** Functions that only answer custom resources which have a type of their own here: they never run. */
function providersOnly(sketch: Sketch, known: ReadonlyMap<string, ResourceType>): Set<string> {
  const { Resources } = sketch.stack.template;
  const tokens = (native: boolean): string[] =>
    Object.values(Resources)
      .filter(({ Type }) => isCustom(Type) && known.has(Type) === native)
      .map(({ Properties }) => (Properties?.['ServiceToken'] as { 'Fn::GetAtt'?: string[] } | undefined)?.['Fn::GetAtt']?.[0] ?? '');
  const needed = new Set(tokens(false));
  return new Set(tokens(true).filter((logicalId) => !needed.has(logicalId)));
}

function attempt(where: string, note: Note, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    note(error.message, where);
  }
}
