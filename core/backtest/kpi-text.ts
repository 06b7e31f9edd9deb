import type { KpiPolicy, KpiType } from '../contracts';
import { didYouMean } from '../charter/suggest';
import { BadInputError } from '../errors';
import { numberOf } from './cells';
import type { KpiColumn } from './types';

const TYPES: KpiType[] = ['binary', 'mean', 'count', 'latency'];
const NAME = /^[a-z][a-z0-9_-]{0,39}$/i;
const DURATION = /^([1-9]\d{0,5})(m|h|d)$/;
const MINUTES_PER = { m: 1, h: 60, d: 1440 } as const;
export const KPI_FORM = 'NAME:binary|mean|count|latency:higher|lower[:OPTION=VALUE …]';

type Draft = KpiColumn & { policy: KpiPolicy };
type Setting = (draft: Draft, value: string) => boolean;

const aNumber =
  (low: number, take: (draft: Draft, value: number) => void): Setting =>
  (draft, text) => {
    const value = numberOf(text);
    if (value === undefined || value <= low) return false;
    take(draft, value);
    return true;
  };

const typical = (part: Partial<{ mean: number; standardDeviation: number }>, draft: Draft): void => {
  draft.policy.typical = { mean: Number.NaN, standardDeviation: Number.NaN, ...draft.policy.typical, ...part };
};

const SETTINGS: Record<string, { allowed: string; take: Setting; types?: KpiType[] }> = {
  column: { allowed: 'the name of a column', take: (draft, value) => (draft.column = value) !== '' },
  margin: { allowed: 'a number above 0, such as 0.1', take: aNumber(0, ({ policy }, value) => (policy.margin = value)) },
  weight: { allowed: 'a number above 0', take: aNumber(0, ({ policy }, value) => (policy.weight = value)) },
  window: { allowed: 'a duration such as 30m, 6h or 14d', take: takeWindow },
  delay: { allowed: 'same (the delay of outcomes does not depend on the arm: young ones count) or differs', take: takeDelay },
  role: { allowed: 'goal or guard', take: takeRole },
  'must-improve': { allowed: 'true or false', take: takeMustImprove },
  cap: { allowed: 'a number above 0', take: aNumber(0, ({ policy }, value) => (policy.cap = value)), types: ['mean', 'count'] },
  mean: { allowed: 'a number above 0', take: aNumber(0, (draft, mean) => typical({ mean }, draft)), types: ['mean', 'count'] },
  sd: {
    allowed: 'a number above 0',
    take: aNumber(0, (draft, standardDeviation) => typical({ standardDeviation }, draft)),
    types: ['mean', 'count'],
  },
  unobserved: { allowed: 'zero or left-out', take: takeUnobserved, types: ['mean', 'count'] },
  above: { allowed: 'milliseconds above 0', take: aNumber(0, ({ policy }, value) => (policy.aboveMillis = value)), types: ['latency'] },
};

/** `conversion:binary:higher:window=6h` → a KPI and its column. */
export function parseKpi(text: string): KpiColumn {
  const [name = '', type = '', better = '', ...settings] = text.split(':');
  if (!NAME.test(name)) throw refused(text, `${JSON.stringify(name)} is no KPI name`, 'letters, digits, - and _, starting with a letter');
  if (!TYPES.includes(type as KpiType))
    throw refused(text, `type ${JSON.stringify(type)} is not known`, TYPES.join(', '), didYouMean(type, TYPES));
  if (better !== 'higher' && better !== 'lower')
    throw refused(text, `which direction is good? ${JSON.stringify(better)}`, 'higher or lower', didYouMean(better, ['higher', 'lower']));
  const draft: Draft = {
    column: name,
    policy: {
      name,
      type: type as KpiType,
      better,
      role: 'guard',
      unit: 'request',
      margin: 0.2,
      weight: 1,
      windowMinutes: 0,
      delayDependsOnArm: true,
      ...(type === 'count' ? { unobserved: 'zero' as const } : {}),
    },
    windowFromHistory: true,
  };
  for (const setting of settings) takeSetting(text, setting, draft);
  checkTypical(text, draft);
  return draft;
}

function takeSetting(text: string, setting: string, draft: Draft): void {
  const at = setting.indexOf('=');
  const key = at < 0 ? setting : setting.slice(0, at);
  const value = at < 0 ? '' : setting.slice(at + 1);
  const usual = Object.entries(SETTINGS).filter(([, { types }]) => types === undefined || types.includes(draft.policy.type));
  const known = usual.find(([name]) => name === key)?.[1];
  const keys = usual.map(([name]) => `${name}=`);
  if (known === undefined)
    throw refused(text, `${JSON.stringify(key)} is no option of a ${draft.policy.type} KPI`, keys.join(', '), didYouMean(`${key}=`, keys));
  if (!known.take(draft, value)) throw refused(text, `${key}=${value}`, known.allowed);
}

function checkTypical(text: string, { policy }: Draft): void {
  const half = policy.typical !== undefined && (Number.isNaN(policy.typical.mean) || Number.isNaN(policy.typical.standardDeviation));
  if (half) throw refused(text, 'one of mean and sd is given', 'both mean= and sd=, or neither');
}

function takeWindow(draft: Draft, value: string): boolean {
  const match = DURATION.exec(value);
  if (match === null) return false;
  draft.policy.windowMinutes = Number(match[1]) * MINUTES_PER[match[2] as keyof typeof MINUTES_PER];
  draft.windowFromHistory = false;
  return true;
}

function takeDelay({ policy }: Draft, value: string): boolean {
  policy.delayDependsOnArm = value !== 'same';
  return value === 'same' || value === 'differs';
}

function takeRole({ policy }: Draft, value: string): boolean {
  if (value !== 'goal' && value !== 'guard') return false;
  policy.role = value;
  return true;
}

function takeMustImprove({ policy }: Draft, value: string): boolean {
  policy.mustImprove = value === 'true';
  if (policy.mustImprove) policy.role = 'goal';
  return value === 'true' || value === 'false';
}

function takeUnobserved({ policy }: Draft, value: string): boolean {
  if (value !== 'zero' && value !== 'left-out') return false;
  policy.unobserved = value;
  return true;
}

function refused(text: string, problem: string, allowed: string, hint?: string): BadInputError {
  const lines = [
    `--kpi ${text}: ${problem}`,
    `  allowed: ${allowed}`,
    ...(hint === undefined ? [] : [`  ${hint}`]),
    `  form:    ${KPI_FORM}`,
  ];
  return new BadInputError(lines.join('\n'));
}
