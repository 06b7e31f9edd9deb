import type { DeployedRelease } from '../contracts';

/** What InvokeEndpoint is told besides the endpoint: only real-time endpoints hold several variants. */
export function targetOf({
  variantName,
  componentName,
  mode = 'real-time',
}: Pick<DeployedRelease, 'variantName' | 'componentName' | 'mode'>): { TargetVariant?: string; InferenceComponentName?: string } {
  if (componentName !== undefined) return { InferenceComponentName: componentName };
  return mode === 'real-time' ? { TargetVariant: variantName } : {};
}
