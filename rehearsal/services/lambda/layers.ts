import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Members, RefusalContext, ResourceContext, ResourceType } from '../../cloud/types';
import { codeOf } from './code';
import type { Lambda } from './lambda';

const lambdaOf = (context: Pick<ResourceContext, 'cloud'>): Lambda => context.cloud.double<Lambda>('lambda');

export const layerType: ResourceType = {
  type: 'AWS::Lambda::LayerVersion',
  create: (properties, context) => {
    const name = (properties['LayerName'] as string | undefined) ?? context.physicalName(140);
    const arnOf = (version: number): string => context.cloud.arn('lambda', `layer:${name}:${version}`);
    let version = 1;
    while (lambdaOf(context).hasLayer(arnOf(version))) version += 1;
    const arn = arnOf(version);
    lambdaOf(context).putLayer(arn, () => codeOf(properties['Content'], context));
    return { ref: arn, attributes: { LayerVersionArn: arn } };
  },
  replacedOnChange: true,
  update: (_properties, _previous, created) => created,
  remove: (created, _properties, context) => lambdaOf(context).putLayer(created.ref, undefined),
  refuse: problemsOf,
};

/** Layers are shared within the account alone: whom else they are shared with changes nothing. */
export const layerPermissionType: ResourceType = {
  type: 'AWS::Lambda::LayerVersionPermission',
  create: (_properties, context) => ({ ref: context.physicalName(100), attributes: {} }),
  update: (_properties, _previous, created) => created,
  remove: () => undefined,
};

/** Extensions are programs of their own, which no sandbox runs. */
function problemsOf(properties: Members, context: RefusalContext): string[] {
  const { S3Bucket, S3Key } = (properties['Content'] ?? {}) as { S3Bucket?: string; S3Key?: string };
  const asset = context.assetPath(S3Bucket ?? '', S3Key ?? '');
  if (asset === undefined) return [`the layer content s3://${S3Bucket}/${S3Key}, which is no asset of this assembly`];
  return existsSync(path.join(asset, 'extensions')) ? ['a layer with a Lambda extension'] : [];
}
