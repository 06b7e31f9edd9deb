import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../../rehearsal/cloud/types';
import type { LaptopCloud } from '../../../rehearsal/kernel/cloud';

/** Creates single CloudFormation resources in a test, without a template. */
export class ResourceMaker {
  private readonly types: Map<string, ResourceType>;
  private readonly assets = new Map<string, string>();

  constructor(
    private readonly cloud: LaptopCloud,
    types: ResourceType[],
  ) {
    this.types = new Map(types.map((type) => [type.type, type]));
  }

  /** Offers a directory as an asset; gives the `Code` that names it. */
  asset(directory: string): { S3Bucket: string; S3Key: string } {
    const key = `${this.assets.size}.zip`;
    this.assets.set(key, directory);
    return { S3Bucket: 'assets', S3Key: key };
  }

  async create(type: string, logicalId: string, properties: Members): Promise<CreatedResource> {
    return this.typeOf(type).create(properties, this.context(logicalId));
  }

  async update(
    type: string,
    logicalId: string,
    properties: Members,
    previous: Members,
    created: CreatedResource,
  ): Promise<CreatedResource> {
    const { update } = this.typeOf(type);
    if (update === undefined) throw new Error(`${type} has no update`);
    return update(properties, previous, created, this.context(logicalId));
  }

  async remove(type: string, logicalId: string, properties: Members, created: CreatedResource): Promise<void> {
    await this.typeOf(type).remove(created, properties, this.context(logicalId));
  }

  context(logicalId: string): ResourceContext {
    return {
      cloud: this.cloud,
      logicalId,
      constructPath: `stack/${logicalId}/Resource`,
      stackName: 'stack',
      stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/stack/1',
      physicalName: () => `stack-${logicalId}`,
      assetPath: (_bucket, key) => this.assets.get(key),
    };
  }

  private typeOf(type: string): ResourceType {
    const found = this.types.get(type);
    if (found === undefined) throw new Error(`No resource type ${type} in this test.`);
    return found;
  }
}
