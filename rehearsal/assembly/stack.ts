import { isDeepStrictEqual } from 'node:util';
import type { Cloud, CreatedResource, Members, ResourceContext, ResourceType, ServiceDouble, ServiceEventSink } from '../cloud/types';
import { UnsupportedError } from '../cloud/types';
import { publishFiles } from './assets';
import { constructPathOf, physicalName } from './construct-path';
import { CustomResourceFailure, type CustomResources } from './custom-resource';
import { resolveReferences } from './dynamic-references';
import { Exports } from './exports';
import { evaluateCondition, resolve, type ResolutionScope } from './intrinsics';
import type { AssemblyStack, Template } from './load';
import { NestedStacks } from './nested-stack';
import { creationOrder, dependenciesOf } from './order';
import { parameterValues, type GivenParameters } from './parameters';
import { stackScope } from './stack-scope';
import { carriesNothing, deployedResource, isCustom, type DeployedResource, type Standing } from './standing';

export { constructPathOf } from './construct-path';
export { isCustom, type DeployedResource } from './standing';

/** CloudFormation spends about this long on a resource; the exact time matters to nobody. */
const MILLIS_PER_RESOURCE = 1000;

/** What was replaced, and goes when the stack is done. */
interface Superseded {
  logicalId: string;
  standing: Standing;
}

/** What the stacks of an app share. */
export interface StackSurroundings {
  exports: Exports;
  /** Values that parameters are given. */
  given: GivenParameters;
}

/** CloudFormation, for one stack: creates, updates (and rolls an update back) and deletes what a template says. */
export class Stack {
  readonly stackId: string;
  private readonly standing = new Map<string, Standing>();
  private readonly types: Map<string, ResourceType>;
  private current: AssemblyStack | undefined;
  private outputValues: Record<string, string> = {};
  private superseded: Superseded[] = [];
  private readonly replacements = new Map<string, number>();
  private readonly nested: NestedStacks;
  private parameters: ReadonlyMap<string, unknown> = new Map();
  private imported = new Set<string>();

  constructor(
    private readonly cloud: Cloud,
    readonly name: string,
    types: readonly ResourceType[],
    private readonly customResources: CustomResources,
    private surroundings: StackSurroundings = { exports: new Exports(), given: {} },
  ) {
    this.nested = new NestedStacks(
      (childName, given) => new Stack(cloud, childName, types, customResources, { exports: surroundings.exports, given }),
      () => this.current?.metadata,
    );
    this.types = new Map([...types, this.nested.type].map((type) => [type.type, type]));
    this.stackId = cloud.arn('cloudformation', `stack/${name}/${cloud.random.fork(`stack:${name}`).uuid()}`);
  }

  get outputs(): Record<string, string> {
    return this.outputValues;
  }

  /** Other values of parameters, from the next deploy on. */
  give(given: GivenParameters): void {
    this.surroundings = { ...this.surroundings, given };
  }

  /** Physical id (`Ref`) of the resource whose construct path ends with `path`. */
  physicalId(path: string): string | undefined {
    for (const [logicalId, standing] of this.standing) {
      if (this.current !== undefined && constructPathOf(this.current.template, logicalId).endsWith(path)) return standing.created.ref;
    }
    return undefined;
  }

  /** What stands, nested stacks' resources included. */
  resources(): DeployedResource[] {
    const own = [...this.standing].map(([logicalId, standing]) => deployedResource(this.name, logicalId, this.current?.template, standing));
    return [...own, ...this.nested.stacks().flatMap((stack) => stack.resources())];
  }

  async deploy(stack: AssemblyStack): Promise<void> {
    const previous = this.current;
    const isUpdate = previous !== undefined;
    this.say(isUpdate ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS');
    publishFiles(this.cloud, stack.files, this.scopeOf(stack.template).pseudo);
    try {
      await this.apply(stack);
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      this.say(isUpdate ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', messageOf(error));
      if (isUpdate) {
        await this.apply(previous);
        this.say('UPDATE_ROLLBACK_COMPLETE');
      } else await this.delete();
      throw error;
    }
    this.say(isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
  }

  /** Into the log, and as CloudFormation does onto the event bus. */
  private say(status: string, reason?: string): void {
    this.cloud.record('cloudformation', status, { stack: this.name, ...(reason === undefined ? {} : { reason }) });
    this.cloud.double<ServiceDouble & ServiceEventSink>('eventbridge').emitServiceEvent({
      source: 'aws.cloudformation',
      detailType: 'CloudFormation Stack Status Change',
      resources: [this.stackId],
      detail: { 'stack-id': this.stackId, 'status-details': { status, 'status-reason': reason ?? '' } },
    });
  }

  /** Throws what could not be deleted. */
  async destroy(): Promise<void> {
    const failures = await this.delete();
    if (failures.length > 0) throw failures[0];
  }

  /** Deletes all that can be; gives the errors of what cannot. What a resource that stays depends on stays as well. */
  async delete(): Promise<unknown[]> {
    const stack = this.current;
    if (stack === undefined) return [];
    const { exports } = this.surroundings;
    const failures: unknown[] = [];
    this.say('DELETE_IN_PROGRESS');
    try {
      exports.checkRemoval(this.name);
      failures.push(...(await this.removeAll(stack)));
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      failures.push(error);
    }
    if (failures.length > 0) {
      this.say('DELETE_FAILED', failures.map(messageOf).join('; '));
      return failures;
    }
    exports.forget(this.name);
    this.current = undefined;
    this.outputValues = {};
    this.say('DELETE_COMPLETE');
    return [];
  }

  private async removeAll(stack: AssemblyStack): Promise<unknown[]> {
    const failures: unknown[] = [];
    const needed = new Set<string>();
    for (const logicalId of creationOrder(stack.template).reverse()) {
      const isNeeded = needed.has(logicalId);
      try {
        if (!isNeeded) await this.removeResource(logicalId, stack);
        if (!isNeeded) continue;
      } catch (error) {
        if (error instanceof UnsupportedError) throw error;
        failures.push(error);
      }
      for (const dependency of dependenciesOf(stack.template, logicalId)) needed.add(dependency);
    }
    return failures;
  }

  private async apply(stack: AssemblyStack): Promise<void> {
    const before = this.current ?? stack;
    this.current = stack;
    this.imported = new Set();
    this.parameters = await parameterValues(this.cloud, stack, this.surroundings.given);
    const scope = this.scopeOf(stack.template);
    const order = creationOrder(stack.template).filter((logicalId) => {
      const condition = stack.template.Resources[logicalId]?.Condition;
      return condition === undefined || evaluateCondition(condition, scope);
    });
    for (const logicalId of order) await this.applyResource(logicalId, stack, scope);
    const gone = [...this.standing.keys()].filter((logicalId) => !order.includes(logicalId));
    for (const { logicalId, standing } of this.superseded.splice(0).reverse())
      await this.cleanUp(logicalId, () => this.remove(logicalId, standing, stack));
    for (const logicalId of gone.reverse()) {
      await this.cleanUp(logicalId, () => this.removeResource(logicalId, before));
      this.standing.delete(logicalId);
    }
    await this.putOut(stack, scope);
  }

  /** What an update leaves behind is deleted last; where that fails CloudFormation lets it be, and the update stands. */
  private async cleanUp(logicalId: string, remove: () => Promise<void>): Promise<void> {
    try {
      await remove();
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      this.cloud.record('cloudformation', 'cleanup-failed', { stack: this.name, resource: logicalId, reason: messageOf(error) });
    }
  }

  private async putOut({ template: { Outputs = {} } }: AssemblyStack, scope: ResolutionScope): Promise<void> {
    const values: Record<string, string> = {};
    const exported: Record<string, string> = {};
    for (const [name, { Value, Condition, Export }] of Object.entries(Outputs)) {
      if (Condition !== undefined && !evaluateCondition(Condition, scope)) continue;
      const value = await resolveReferences(this.cloud, resolve(Value, scope));
      values[name] = Array.isArray(value) ? value.join(',') : String(value);
      if (Export !== undefined) exported[String(resolve(Export.Name, scope))] = values[name];
    }
    this.surroundings.exports.use(this.name, this.imported);
    this.surroundings.exports.put(this.name, exported);
    this.surroundings.exports.putOutputs(this.name, values);
    this.outputValues = values;
  }

  private async applyResource(logicalId: string, stack: AssemblyStack, scope: ResolutionScope): Promise<void> {
    const resource = stack.template.Resources[logicalId];
    if (resource === undefined || carriesNothing(resource.Type)) return;
    const properties = (await resolveReferences(this.cloud, resolve(resource.Properties ?? {}, scope))) as Members;
    const retained = resource.DeletionPolicy === 'Retain' || resource.DeletionPolicy === 'RetainExceptOnCreate';
    const standing = this.standing.get(logicalId);
    if (standing !== undefined && isDeepStrictEqual(standing.properties, properties)) {
      standing.retained = retained;
      return;
    }
    await this.cloud.clock.sleep(MILLIS_PER_RESOURCE);
    if (standing !== undefined && this.isReplaced(resource.Type, properties, standing)) {
      this.standing.set(logicalId, await this.replace(logicalId, { type: resource.Type, properties, retained }, standing, stack));
      return;
    }
    const context = this.contextOf(logicalId, stack);
    // An update that fails leaves the new properties standing, so that rolling back sends the old ones again.
    if (standing !== undefined) this.standing.set(logicalId, { ...standing, properties, retained });
    const created =
      standing === undefined
        ? await this.createOrNote(logicalId, { type: resource.Type, properties, retained }, context)
        : await this.updateResource(resource.Type, properties, standing, context);
    // A custom resource that answers an update with another physical id was replaced.
    if (standing !== undefined && this.isCustom(resource.Type) && created.ref !== standing.created.ref)
      this.superseded.push({ logicalId, standing });
    this.standing.set(logicalId, { type: resource.Type, properties, created, retained });
  }

  /** Some of the CDK's own custom resources have a type here, in the place of a function that could not run. */
  private isCustom(type: string): boolean {
    return isCustom(type) && !this.types.has(type);
  }

  private isReplaced(type: string, properties: Members, standing: Standing): boolean {
    const replaced = this.types.get(type)?.replacedOnChange;
    if (typeof replaced === 'function') return replaced(properties, standing.properties);
    if (replaced !== true) return false;
    return !isDeepStrictEqual({ ...properties, Tags: undefined }, { ...standing.properties, Tags: undefined });
  }

  /** A rollback finds the resource of before still standing, and takes it back. */
  private async replace(
    logicalId: string,
    wanted: Pick<Standing, 'type' | 'properties' | 'retained'>,
    old: Standing,
    stack: AssemblyStack,
  ): Promise<Standing> {
    const index = this.superseded.findIndex(
      (one) => one.logicalId === logicalId && isDeepStrictEqual(one.standing.properties, wanted.properties),
    );
    const [earlier] = index === -1 ? [] : this.superseded.splice(index, 1);
    if (earlier === undefined) this.replacements.set(logicalId, (this.replacements.get(logicalId) ?? 0) + 1);
    const created =
      earlier?.standing.created ?? (await this.typeOf(wanted.type).create(wanted.properties, this.contextOf(logicalId, stack)));
    this.superseded.push({ logicalId, standing: old });
    return { ...wanted, created };
  }

  /** What a custom resource made before it failed is taken back when the stack is. */
  private async createOrNote(logicalId: string, wanted: Omit<Standing, 'created'>, context: ResourceContext): Promise<CreatedResource> {
    try {
      return await this.createResource(wanted.type, wanted.properties, context);
    } catch (error) {
      if (error instanceof CustomResourceFailure && error.physicalId !== undefined)
        this.standing.set(logicalId, { ...wanted, created: { ref: error.physicalId, attributes: {} } });
      throw error;
    }
  }

  private async createResource(type: string, properties: Members, context: ResourceContext): Promise<CreatedResource> {
    if (this.isCustom(type)) return this.customResources.request('Create', type, properties, context);
    return this.typeOf(type).create(properties, context);
  }

  private async updateResource(type: string, properties: Members, standing: Standing, context: ResourceContext): Promise<CreatedResource> {
    if (this.isCustom(type)) return this.customResources.request('Update', type, properties, context, standing);
    const update = this.typeOf(type).update?.bind(this.typeOf(type));
    if (update === undefined)
      throw new UnsupportedError(`${type} (${context.constructPath}): a changed resource of this type is not supported`);
    return update(properties, standing.properties, standing.created, context);
  }

  private async removeResource(logicalId: string, stack: AssemblyStack): Promise<void> {
    const standing = this.standing.get(logicalId);
    if (standing === undefined) return;
    await this.remove(logicalId, standing, stack);
    this.standing.delete(logicalId);
  }

  private async remove(logicalId: string, standing: Standing, stack: AssemblyStack): Promise<void> {
    if (standing.retained) return;
    await this.cloud.clock.sleep(MILLIS_PER_RESOURCE);
    const context = this.contextOf(logicalId, stack);
    if (this.isCustom(standing.type)) await this.customResources.request('Delete', standing.type, standing.properties, context, standing);
    else await this.typeOf(standing.type).remove(standing.created, standing.properties, context);
  }

  private typeOf(type: string): ResourceType {
    const found = this.types.get(type);
    if (found === undefined) throw new UnsupportedError(`resource type ${type} is not supported`);
    return found;
  }

  private scopeOf(template: Template): ResolutionScope {
    const { cloud, name, stackId, standing, parameters, imported } = this;
    return stackScope({ cloud, name, stackId, template, standing, parameters, imported, exports: this.surroundings.exports });
  }

  private contextOf(logicalId: string, stack: AssemblyStack): ResourceContext {
    const { cloud, name, stackId } = this;
    const replacement = this.replacements.get(logicalId);
    const label = `name:${name}:${logicalId}${replacement === undefined ? '' : `:${replacement}`}`;
    return {
      cloud,
      logicalId,
      constructPath: constructPathOf(stack.template, logicalId),
      stackName: name,
      stackId,
      physicalName: (maxLength = 63) => physicalName(name, logicalId, cloud.random.fork(label).uuid(), maxLength),
      assetPath: (_bucket, key) => stack.assets.get(key),
      ...(stack.directory === undefined ? {} : { assemblyDirectory: stack.directory }),
    };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
