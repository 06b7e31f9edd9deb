import type { Template } from './load';

/** `stack/Construct/Path` without the CDK's own last part (`Resource`, `Default`). */
export function constructPathOf(template: Template, logicalId: string): string {
  const path = template.Resources[logicalId]?.Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path.replace(/\/(Resource|Default)$/, '') : '';
}

/** A name as CloudFormation makes one. */
export function physicalName(stackName: string, logicalId: string, uuid: string, maxLength: number): string {
  const suffix = uuid.replaceAll('-', '').slice(0, 12);
  const room = maxLength - suffix.length - 1;
  return `${`${stackName}-${logicalId}`.slice(0, room).replace(/-+$/, '')}-${suffix}`;
}
