import type { Cloud } from '../cloud/types';
import { constructPathOf } from './construct-path';
import { evaluateCondition, resolve, type ResolutionScope } from './intrinsics';
import { readNestedTemplate, type AssemblyStack, type TemplateResource } from './load';
import { NESTED_STACK, nestedTemplatePath } from './nested-stack';
import { pseudoParameters } from './stack-scope';
import { isBootstrapVersion, isStored, settingOf, typed, type GivenParameters } from './parameters';

/** Finds what another stack of the assembly exports, or has among its outputs. */
export type FindInOthers = Required<Pick<ResolutionScope, 'importValue' | 'stackOutput'>>;

/** `AWS::SQS::Queue` → `sqs`, as in ARNs. */
const arnServiceOf = (type: string): string => {
  const service = (type.split('::')[1] ?? 'custom').toLowerCase();
  return service === 'stepfunctions' ? 'states' : service;
};

/** A stack before it is deployed: what its template says, as far as that can be known. */
export class Sketch {
  readonly scope: ResolutionScope;
  private readonly children = new Map<string, Sketch>();

  constructor(
    readonly cloud: Cloud,
    readonly stack: AssemblyStack,
    private readonly given: GivenParameters,
    private readonly others: FindInOthers,
  ) {
    this.scope = {
      template: stack.template,
      pseudo: pseudoParameters(cloud, stack.name, cloud.arn('cloudformation', `stack/${stack.name}/0`)),
      ref: (logicalId) => this.placeholder(logicalId),
      attribute: (logicalId, name) => this.attribute(logicalId, name),
      parameters: this.parameters(),
      ...others,
    };
  }

  /** Resources whose conditions hold. */
  resources(): [logicalId: string, resource: TemplateResource][] {
    return Object.entries(this.stack.template.Resources).filter(
      ([, { Condition }]) => Condition === undefined || evaluateCondition(Condition, this.scope),
    );
  }

  /** The stack that a resource of this one stands for. */
  nested(logicalId: string): Sketch {
    const known = this.children.get(logicalId);
    if (known !== undefined) return known;
    const properties = resolve(this.stack.template.Resources[logicalId]?.Properties ?? {}, this.scope) as Record<string, unknown>;
    const assetPath = (_bucket: string, key: string): string | undefined => this.stack.assets.get(key);
    const constructPath = constructPathOf(this.stack.template, logicalId);
    const file = nestedTemplatePath(properties['TemplateURL'], { assetPath, constructPath, logicalId });
    const template = readNestedTemplate(file, constructPath, this.stack.metadata);
    const name = `${this.stack.name}-${logicalId}`;
    const given = (properties['Parameters'] ?? {}) as GivenParameters;
    const made = new Sketch(this.cloud, { ...this.stack, name, template, parameters: {}, images: [] }, given, this.others);
    this.children.set(logicalId, made);
    return made;
  }

  /** What the stack exports under the name. */
  exported(name: string): unknown {
    for (const { Value, Export, Condition } of Object.values(this.stack.template.Outputs ?? {})) {
      if (Export === undefined || (Condition !== undefined && !evaluateCondition(Condition, this.scope))) continue;
      if (resolve(Export.Name, this.scope) === name) return resolve(Value, this.scope);
    }
    return undefined;
  }

  output(name: string): unknown {
    const output = this.stack.template.Outputs?.[name];
    return output === undefined ? undefined : resolve(output.Value, this.scope);
  }

  private placeholder(logicalId: string): string {
    const { cloud, stack } = this;
    const type = stack.template.Resources[logicalId]?.Type ?? '';
    return `arn:${cloud.partition}:${arnServiceOf(type)}:${cloud.region}:${cloud.accountId}:${logicalId}`;
  }

  private attribute(logicalId: string, name: string): unknown {
    if (this.stack.template.Resources[logicalId]?.Type !== NESTED_STACK) return this.placeholder(logicalId);
    const child = this.nested(logicalId);
    const output = child.stack.template.Outputs?.[name.replace(/^Outputs\./, '')];
    return output === undefined ? this.placeholder(logicalId) : resolve(output.Value, child.scope);
  }

  private parameters(): Map<string, unknown> {
    const values = new Map<string, unknown>();
    for (const [name, parameter] of Object.entries(this.stack.template.Parameters ?? {})) {
      const setting = settingOf(this.stack, name, this.given);
      if (setting === undefined) continue;
      values.set(name, typed(parameter, isStored(parameter) && isBootstrapVersion(setting) ? '99' : setting));
    }
    return values;
  }
}
