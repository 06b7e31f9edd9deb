import { servingProblems } from '../serving/limits';
import { catalogueKnowledge } from '../serving/knowledge';
import type { EndpointPlan, VariantPlan } from '../serving/plan';
import type { Finding, PathPart } from './problem';
import type { Charter } from './schema';
import { servingSpec } from './serving-spec';

const LEAST_AT_THE_START = 1;

/** Place in the plan → key of the charter; the rest of the place is left out. */
const PLACES: [RegExp, PathPart[]][] = [
  [/^variants\[0\]\.instanceType/, ['instance']],
  [/^variants\[0\]\.pools/, ['pools']],
  [/^variants\[0\]\.volumeGib/, ['volumeGb']],
  [/^variants\[0\]\.downloadTimeoutSeconds/, ['timeouts', 'download']],
  [/^variants\[0\]\.startupTimeoutSeconds/, ['timeouts', 'startup']],
  [/^variants\[0\]\.provisionTimeoutSeconds/, ['timeouts', 'provision']],
  [/^variants\[0\]\.routing/, ['routing']],
  [/^variants\[0\]\.serverless\.memoryMib/, ['serverless', 'memoryMb']],
  [/^variants\[0\]\.serverless\.(\w+)/, ['serverless']],
  [/^components\[0\]\.memoryMib/, ['component', 'memoryMb']],
  [/^components\[0\]\.cpus/, ['component', 'cpus']],
  [/^components\[0\]\.accelerators/, ['component', 'accelerators']],
  [/^capture/, ['capture']],
  [/^async/, ['async']],
];

/** What SageMaker would refuse of the endpoint, by the rules that endpoints in code are held to. */
export function limitFindings({ serving }: Pick<Charter, 'serving'>): Finding[] {
  return servingProblems(planOf(serving), catalogueKnowledge()).flatMap(({ at, given, allowed, advice }) => {
    const place = PLACES.find(([pattern]) => pattern.test(at));
    if (place === undefined) return [];
    return [{ path: ['serving', ...place[1]], message: given, allowed: `${allowed}; ${advice}` }];
  });
}

function planOf(serving: Charter['serving']): EndpointPlan {
  const { mode, instanceType, instancePools, minInstances, component, capture, async, ...spec } = servingSpec(serving);
  const pools = instancePools?.map((type, index) => ({ instanceType: type, priority: index + 1 }));
  const variant: VariantPlan = {
    ...(pools === undefined ? { instanceType } : { pools }),
    ...(mode === 'serverless' ? { serverless: spec.serverless } : { initialCount: Math.max(LEAST_AT_THE_START, minInstances) }),
    volumeGib: spec.volumeGib,
    downloadTimeoutSeconds: spec.downloadTimeoutSeconds,
    startupTimeoutSeconds: spec.startupTimeoutSeconds,
    provisionTimeoutSeconds: spec.provisionTimeoutSeconds,
    routing: spec.routing,
  };
  return {
    mode,
    variants: [variant],
    ...(component === undefined
      ? {}
      : { components: [{ memoryMib: component.memoryMib, cpus: component.cpus, accelerators: component.accelerators }] }),
    ...(capture === undefined ? {} : { capture: { jsonContentTypes: capture.jsonContentTypes, csvContentTypes: capture.csvContentTypes } }),
    ...(async === undefined ? {} : { async }),
  };
}
