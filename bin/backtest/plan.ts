import path from 'node:path';
import type { BacktestPlan, Columns, KpiColumn } from '../../core/backtest';
import { parseKpi, TRIED_MARGINS } from '../../core/backtest';
import { formatProblem, kpiPolicies, toReleaseSpec, type Charter } from '../../core/charter';
import { didYouMean } from '../../core/charter/suggest';
import type { RolloutPolicy } from '../../core/contracts';
import { BadInputError } from '../../core/errors';
import { type ParsedArguments, requiredText } from '../arguments';
import { CHARTER_FILE, readCharter } from '../use-case';
import { SPEC } from './options';

const ALPHA = 0.05;
const STRATUM_MINUTES = 5;
const MINUTES_PER = { m: 1, h: 60, d: 1440 } as const;

/** What the command line asks for. */
export function planOf(parsed: ParsedArguments): BacktestPlan {
  const charter = parsed.texts['charter'] === undefined ? undefined : charterAt(parsed.texts['charter']);
  const alpha = fractionOf(parsed, 'alpha');
  const margin = fractionOf(parsed, 'margin', 10);
  const share = fractionOf(parsed, 'share');
  const kpis = withColumns(charter === undefined ? namedKpis(parsed) : charterKpis(charter, parsed), parsed);
  const { candidate, control } = parsed.texts;
  return {
    columns: columnsOf(parsed),
    kpis: margin === undefined ? kpis : kpis.map((kpi) => ({ ...kpi, policy: { ...kpi.policy, margin } })),
    rollout: rolloutOf(charter, parsed, alpha),
    ...(candidate === undefined ? {} : { candidate }),
    ...(control === undefined ? {} : { control }),
    ...(share === undefined ? {} : { share }),
    margins: TRIED_MARGINS,
  };
}

function charterAt(given: string): Charter {
  const directory = path.basename(given) === CHARTER_FILE ? path.dirname(given) : given;
  const { result } = readCharter(directory);
  if (!result.ok) throw new BadInputError(result.problems.map(formatProblem).join('\n\n'));
  return result.charter;
}

function columnsOf(parsed: ParsedArguments): Columns {
  const { 'unit-column': unit, 'observed-column': observed, 'kpi-column': kpi } = parsed.texts;
  return {
    arm: requiredText(parsed, SPEC, 'arm-column'),
    time: requiredText(parsed, SPEC, 'time-column'),
    ...(unit === undefined ? {} : { unit }),
    ...(observed === undefined ? {} : { observed }),
    ...(kpi === undefined ? {} : { kpi }),
  };
}

function namedKpis(parsed: ParsedArguments): KpiColumn[] {
  const texts = parsed.lists?.['kpi'] ?? [];
  if (texts.length === 0) {
    throw new BadInputError(
      'sluice backtest: which policy?\n  allowed: --charter <folder of a use case>, or --kpi such as --kpi converted:binary:higher',
    );
  }
  const kpis = texts.map((text) => parseKpi(text));
  const twice = kpis.find(({ policy }, index) => kpis.findIndex((other) => other.policy.name === policy.name) !== index);
  if (twice !== undefined) throw new BadInputError(`sluice backtest: KPI ${twice.policy.name} is given twice\n  allowed: each name once`);
  if (kpis.length > 20) throw new BadInputError(`sluice backtest: ${kpis.length} KPIs\n  allowed: at most 20`);
  return kpis;
}

function charterKpis(charter: Charter, parsed: ParsedArguments): KpiColumn[] {
  const all = kpiPolicies(charter).map((policy) => ({ policy, column: policy.name }));
  const chosen = parsed.lists?.['kpi'];
  if (chosen === undefined) return all;
  const names = all.map(({ policy }) => policy.name);
  for (const name of chosen) {
    if (names.includes(name)) continue;
    const hint = didYouMean(name, names);
    throw new BadInputError(
      `sluice backtest: --kpi ${name}: the charter has no such KPI\n  allowed: ${names.join(', ')}${hint === undefined ? '' : `\n  ${hint}`}`,
    );
  }
  return all.filter(({ policy }) => chosen.includes(policy.name));
}

/** `--value-column NAME` for the only KPI, or `--value-column KPI=NAME`. Where a column names the KPI, one value column serves all. */
function withColumns(kpis: KpiColumn[], parsed: ParsedArguments): KpiColumn[] {
  const names = kpis.map(({ policy }) => policy.name);
  const byRow = parsed.texts['kpi-column'] !== undefined;
  const given = parsed.lists?.['value-column'] ?? (byRow ? ['value'] : []);
  return given.reduce((done, text) => {
    const at = text.indexOf('=');
    const name = at < 0 ? undefined : text.slice(0, at);
    if (name !== undefined && names.includes(name)) {
      return done.map((kpi) => (kpi.policy.name === name ? { ...kpi, column: text.slice(at + 1) } : kpi));
    }
    if (kpis.length === 1 || byRow) return done.map((kpi) => ({ ...kpi, column: text }));
    const hint = name === undefined ? undefined : didYouMean(name, names);
    throw new BadInputError(
      `sluice backtest: --value-column ${text}: for which KPI?\n  allowed: ${names.map((one) => `${one}=COLUMN`).join(', ')}${hint === undefined ? '' : `\n  ${hint}`}`,
    );
  }, kpis);
}

function rolloutOf(charter: Charter | undefined, parsed: ParsedArguments, alpha: number | undefined): RolloutPolicy {
  const bakeMinutes = durationOf(parsed, 'bake');
  const maxDurationMinutes = durationOf(parsed, 'max-duration');
  const base = charter === undefined ? ownRollout() : toReleaseSpec(charter, { image: 'none', behaviourFiles: {} }).rollout;
  return {
    ...base,
    ...(bakeMinutes === undefined ? {} : { steps: [{ weight: 0.5, bakeMinutes }] }),
    ...(maxDurationMinutes === undefined ? {} : { maxDurationMinutes }),
    ...(alpha === undefined ? {} : { rollbackAlpha: alpha, promotionAlpha: alpha }),
  };
}

/** Without a charter: decided as soon as the evidence is in, however long it takes. */
const ownRollout = (): RolloutPolicy => ({
  strategy: 'canary',
  steps: [],
  maxDurationMinutes: Number.POSITIVE_INFINITY,
  inconclusive: 'hold',
  holdout: 0,
  rollbackAlpha: ALPHA,
  promotionAlpha: ALPHA,
  promoteEarly: true,
  stratumMinutes: STRATUM_MINUTES,
});

function fractionOf(parsed: ParsedArguments, name: string, below = 1): number | undefined {
  const text = parsed.texts[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && value < below)) {
    throw new BadInputError(`sluice backtest: --${name} is a number above 0 and below ${below}, such as 0.05; given: ${text}`);
  }
  return value;
}

function durationOf(parsed: ParsedArguments, name: string): number | undefined {
  const text = parsed.texts[name];
  if (text === undefined) return undefined;
  const match = /^([1-9]\d{0,5})([mhd])$/.exec(text);
  if (match === null) throw new BadInputError(`sluice backtest: --${name} is a duration such as 30m, 6h or 14d; given: ${text}`);
  return Number(match[1]) * MINUTES_PER[match[2] as keyof typeof MINUTES_PER];
}
