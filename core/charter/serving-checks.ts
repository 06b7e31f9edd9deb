import type { ServingMode } from '../contracts/serving';
import { capacityFindings } from './capacity-checks';
import type { Finding, PathPart } from './problem';
import type { Charter } from './schema';
import type { Serving } from './sections/serving';
import { limitFindings } from './serving-limits';

const at = (...rest: PathPart[]): PathPart[] => ['serving', ...rest];

const WITH_INSTANCES: ServingMode[] = ['real-time', 'async', 'inference-components'];
const AT_ONCE: ServingMode[] = ['real-time', 'inference-components'];

/** Which keys belong to which modes, and what SageMaker does instead in the others. `off` counts as not given. */
const BELONGS: { key: keyof Serving; modes: ServingMode[]; why: string; off?: unknown }[] = [
  {
    key: 'instance',
    modes: WITH_INSTANCES,
    why: 'a serverless endpoint has no instances: say how much memory it has (serverless.memoryMb)',
  },
  { key: 'pools', modes: ['real-time'], why: 'SageMaker takes pools of instance types by priority for real-time variants' },
  { key: 'volumeGb', modes: WITH_INSTANCES, why: 'a serverless endpoint has no volumes' },
  { key: 'timeouts', modes: WITH_INSTANCES, why: 'a serverless endpoint has no times to set' },
  { key: 'routing', modes: AT_ONCE, why: 'requests are spread over instances that answer at once; others queue' },
  { key: 'serverless', modes: ['serverless'], why: 'it says how a serverless endpoint is' },
  { key: 'async', modes: ['async'], why: 'it says how an asynchronous endpoint is' },
  { key: 'component', modes: ['inference-components'], why: 'it says what one copy of the model takes of its instance' },
  { key: 'streaming', modes: AT_ONCE, why: 'SageMaker streams answers of instances that answer at once', off: false },
  { key: 'networkIsolation', modes: WITH_INSTANCES, why: 'SageMaker isolates no serverless container', off: false },
  {
    key: 'capture',
    modes: ['real-time'],
    why: 'SageMaker captures no data of serverless endpoints; of the others nobody would be told of a full disk (for now)',
  },
  { key: 'scaling', modes: WITH_INSTANCES, why: 'a serverless endpoint scales by itself, up to serverless.maxConcurrency' },
];

export type Served = Pick<Charter, 'serving' | 'platform' | 'gates'>;

/** How the fields of the serving section fit together, and what SageMaker would refuse. */
export function servingFindings(charter: Served): Finding[] {
  const own = ownFindings(charter);
  // A key that stands in the wrong place, or is missing, is one mistake.
  const told = new Set(own.map(({ path }) => path.slice(0, 2).join('.')));
  return [...own, ...limitFindings(charter).filter(({ path }) => !told.has(path.slice(0, 2).join('.')))];
}

function ownFindings(charter: Served): Finding[] {
  const { serving } = charter;
  return [
    ...belongingFindings(serving),
    ...instanceFindings(serving),
    ...countFindings(serving),
    ...modeFindings(serving),
    ...scalingFindings(serving),
    ...capacityFindings(serving),
    ...batchFindings(serving),
    ...surroundingFindings(charter),
  ];
}

function belongingFindings(serving: Serving): Finding[] {
  return BELONGS.filter(({ key, modes, off }) => {
    const value = serving[key];
    return value !== undefined && value !== off && !modes.includes(serving.mode);
  }).map(({ key, modes, why }) => ({
    path: at(key),
    message: `does not go with the mode ${serving.mode}`,
    allowed: `no ${key} where the mode is ${serving.mode} (${why}), or the mode ${modes.join(' or ')}`,
  }));
}

function instanceFindings({ mode, instance, pools }: Serving): Finding[] {
  if (mode === 'serverless') return [];
  if (instance !== undefined && pools !== undefined) {
    const allowed = 'instance, or pools: the first of them is tried first';
    return [{ path: at('pools'), message: 'stands beside instance', allowed }];
  }
  if (pools !== undefined && new Set(pools).size < pools.length) {
    return [{ path: at('pools'), message: 'names an instance type twice', allowed: 'each instance type once' }];
  }
  if (instance === undefined && pools === undefined) {
    return [{ path: at('instance'), message: 'is missing', allowed: 'a SageMaker instance type such as ml.g5.xlarge' }];
  }
  return [];
}

function countFindings({ mode, instances, component }: Serving): Finding[] {
  if (mode === 'serverless') return [];
  const findings = rangeFindings(instances, at('instances'));
  if (instances.min === 0 && mode === 'real-time') {
    const allowed = 'at least 1: only asynchronous endpoints and inference components scale to zero';
    return [{ path: at('instances', 'min'), message: 'is none', allowed }];
  }
  if (component === undefined) return findings;
  if (instances.min === 0 && component.copies.min > 0) {
    const allowed = `at least 1, or component.copies.min: 0: ${component.copies.min} copies need an instance to run on`;
    findings.push({ path: at('instances', 'min'), message: 'is none', allowed });
  }
  return [...findings, ...rangeFindings(component.copies, at('component', 'copies'))];
}

const rangeFindings = ({ min, max }: { min: number; max: number }, path: PathPart[]): Finding[] =>
  min <= max ? [] : [{ path: [...path, 'max'], message: 'is below min', allowed: `at least ${min}` }];

function modeFindings({ mode, serverless, component }: Serving): Finding[] {
  if (mode === 'inference-components' && component === undefined) {
    const allowed =
      '{ memoryMb, copies: { min, max } }, with cpus and accelerators where they are needed: what one copy of the model takes';
    return [{ path: at('component'), message: 'is missing', allowed }];
  }
  if (mode !== 'serverless' || serverless === undefined) return [];
  const { maxConcurrency, provisionedConcurrency } = serverless;
  if (provisionedConcurrency === undefined || provisionedConcurrency <= maxConcurrency) return [];
  const allowed = `at most ${maxConcurrency}, as serverless.maxConcurrency says`;
  return [{ path: at('serverless', 'provisionedConcurrency'), message: 'is more than may run at once', allowed }];
}

/** What the endpoint can be scaled by, for each mode; the first is the default. */
export const SCALING_METRICS: Record<ServingMode, readonly ('invocations' | 'concurrency' | 'backlog')[]> = {
  'real-time': ['invocations', 'concurrency'],
  serverless: [],
  async: ['backlog'],
  'inference-components': ['concurrency', 'invocations'],
};

function scalingFindings({ mode, scaling, instances, component }: Serving): Finding[] {
  if (scaling === undefined || mode === 'serverless') return [];
  const metrics = SCALING_METRICS[mode];
  const findings: Finding[] = [];
  if (scaling.on !== undefined && !metrics.includes(scaling.on)) {
    findings.push({ path: at('scaling', 'on'), message: `is not measured in the mode ${mode}`, allowed: metrics.join(' or ') });
  }
  const least = mode === 'real-time' ? 1 : 0;
  const bounds = mode === 'inference-components' ? (component?.copies ?? instances) : instances;
  const names = scaling.schedules.map(({ name }) => name);
  scaling.schedules.forEach(({ name, instances: wanted }, index) => {
    const path = at('scaling', 'schedules', index);
    if (names.indexOf(name) !== index)
      findings.push({ path: [...path, 'name'], message: 'names a schedule twice', allowed: 'each name once' });
    findings.push(...rangeFindings(wanted, [...path, 'instances']));
    if (wanted.min < least) {
      findings.push({
        path: [...path, 'instances', 'min'],
        message: 'is none',
        allowed: 'at least 1: a real-time endpoint does not scale to zero',
      });
    }
    if (wanted.max > Math.max(bounds.max, 1)) {
      const allowed = `at most ${bounds.max}, as ${mode === 'inference-components' ? 'serving.component.copies.max' : 'serving.instances.max'} says`;
      findings.push({ path: [...path, 'instances', 'max'], message: 'is more than the charter allows at any time', allowed });
    }
  });
  return findings;
}

function batchFindings({ mode, batch, instance, pools }: Serving): Finding[] {
  if (batch === undefined || batch.instance !== undefined || instance !== undefined || pools !== undefined) return [];
  const allowed = `a SageMaker instance type such as ml.m5.xlarge: the mode ${mode} names none, and a transform job runs on instances`;
  return [{ path: at('batch', 'instance'), message: 'is missing', allowed }];
}

/** What the rest of the charter asks of the endpoint. */
function surroundingFindings({ serving: { mode }, platform, gates }: Served): Finding[] {
  const findings: Finding[] = [];
  if (mode === 'serverless' && platform.vpc !== undefined) {
    const allowed = 'no vpc, or another serving.mode: SageMaker runs no serverless container in a VPC';
    findings.push({ path: ['platform', 'vpc'], message: 'does not go with the mode serverless', allowed });
  }
  if (mode !== 'real-time' && platform.existingEndpoint !== undefined) {
    const allowed = `no existingEndpoint, or the mode real-time: each release has an endpoint of its own where the mode is ${mode}`;
    findings.push({ path: ['platform', 'existingEndpoint'], message: `does not go with the mode ${mode}`, allowed });
  }
  if (mode === 'async') {
    gates.forEach(({ name, custom }, index) => {
      if (custom !== undefined) return;
      const allowed =
        'a custom gate, which asks the endpoint itself, or another serving.mode: gates do not wait for queued answers (for now)';
      findings.push({
        path: ['gates', index],
        message: `${name} does not go with the mode async`,
        given: 'a gate that sends requests',
        allowed,
      });
    });
  }
  return findings;
}

/** What else the charter says that the endpoint cannot do, or nobody could measure. */
export function servedWithFindings({ serving, kpis, rollout }: Pick<Charter, 'serving' | 'kpis' | 'rollout'>): Finding[] {
  const findings: Finding[] = [];
  if (serving.capture !== undefined && rollout.strategies.includes('shadow')) {
    const allowed = 'no capture, or no shadow: an endpoint has one capture, and a shadow phase needs it';
    findings.push({ path: at('capture'), message: 'does not go with a shadow', allowed });
  }
  if (serving.mode === 'async') {
    kpis.forEach(({ type }, index) => {
      if (type !== 'latency') return;
      const allowed = 'a KPI of another type: the gateway measures how long a request takes to be queued, not to be answered';
      findings.push({ path: ['kpis', index, 'type'], message: 'does not go with the mode async', allowed });
    });
  }
  return findings;
}

/** Strategies by which SageMaker itself moves or copies traffic within one endpoint. */
export function modeOfStrategyFindings(mode: ServingMode, strategies: readonly string[]): Finding[] {
  if (mode === 'real-time') return [];
  const path = at('mode');
  const findings: Finding[] = [];
  if (strategies.includes('shadow')) {
    const allowed =
      mode === 'inference-components'
        ? 'real-time, or no shadow: releases have endpoints of their own here, and a shadow is a variant beside stable'
        : 'real-time, or no shadow: SageMaker has no shadow variants on serverless and asynchronous endpoints';
    findings.push({ path, message: 'does not go with a shadow', allowed });
  }
  if (strategies.includes('blue-green')) {
    const allowed =
      mode === 'serverless'
        ? 'real-time, or another strategy: deployment guardrails do not support serverless endpoints'
        : `real-time, or another strategy: each release has an endpoint of its own where the mode is ${mode}; canary, linear and all-at-once move traffic between them`;
    findings.push({ path, message: 'does not go with blue-green', allowed });
  }
  return findings;
}
