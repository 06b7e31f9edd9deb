import type { Members } from '../../cloud/types';
import { invalid } from './errors';
import type { EndpointRecord, Fleet } from './state';

const RETAINED_PROPERTIES = ['DesiredInstanceCount', 'DesiredWeight', 'DataCaptureConfig'];

/** Run-time weights, counts and data capture survive an update only when asked for. */
export function retain(endpoint: EndpointRecord, asked: Fleet, input: Members): Fleet {
  const excluded = ((input.ExcludeRetainedVariantProperties ?? []) as Members[]).map(({ VariantPropertyType }) =>
    String(VariantPropertyType),
  );
  const unknown = excluded.find((property) => !RETAINED_PROPERTIES.includes(property));
  if (unknown !== undefined) throw invalid(`Value '${unknown}' at 'variantPropertyType' must be one of ${RETAINED_PROPERTIES.join(', ')}.`);
  const { variants, shadow, capture, async } = asked;
  const rest = { ...(shadow === undefined ? {} : { shadow }), ...(async === undefined ? {} : { async }) };
  if (input.RetainAllVariantProperties !== true) return { ...rest, variants, ...(capture === undefined ? {} : { capture }) };
  const keptCapture = excluded.includes('DataCaptureConfig') ? capture : endpoint.capture;
  return {
    ...rest,
    ...(keptCapture === undefined ? {} : { capture: keptCapture }),
    variants: variants.map((variant) => {
      const running = endpoint.variants.find(({ variantName }) => variantName === variant.variantName);
      if (running === undefined) return variant;
      return {
        ...variant,
        ...(excluded.includes('DesiredWeight') ? {} : { weight: running.weight }),
        ...(excluded.includes('DesiredInstanceCount') || variant.serverless !== undefined ? {} : { instanceCount: running.instanceCount }),
      };
    }),
  };
}
