import { KPI_FORM } from '../../core/backtest/kpi-text';
import type { CommandSpec } from '../arguments';

export const SPEC: CommandSpec = {
  name: 'backtest',
  summary: 'Runs a policy over recorded outcomes of two arms and says what it would have decided, when, and after how many exposures.',
  positionals: ['<events.csv|jsonl|parquet>'],
  options: {
    charter: { type: 'string', value: 'DIR|usecase.yaml', help: "the charter's policy: its KPIs, margins, windows, bake and alpha" },
    kpi: {
      type: 'string',
      value: 'KPI',
      help: `without a charter: ${KPI_FORM}; with one: only this KPI of it. May be repeated`,
      repeatable: true,
    },
    'arm-column': { type: 'string', value: 'NAME', help: 'says which arm a row belongs to' },
    'time-column': { type: 'string', value: 'NAME', help: 'when the unit was exposed: ISO 8601 (no zone: UTC) or an epoch' },
    'value-column': {
      type: 'string',
      value: '[KPI=]NAME',
      help: 'the column with the outcome; default: named as the KPI. May be repeated',
      repeatable: true,
    },
    'unit-column': { type: 'string', value: 'NAME', help: 'user, session or case: several rows of one unit then count once' },
    'observed-column': { type: 'string', value: 'NAME', help: 'when the outcome was observed, where that was later' },
    'kpi-column': { type: 'string', value: 'NAME', help: 'names the KPI of a row, where each row is one outcome' },
    candidate: { type: 'string', value: 'VALUE', help: "the candidate's value in the arm column" },
    control: { type: 'string', value: 'VALUE', help: "the control's" },
    share: { type: 'string', value: 'S', help: 'intended share of the candidate among both, such as 0.5: checks the sample ratio' },
    margin: { type: 'string', value: 'M', help: 'for all KPIs, such as 0.1 (10 %), in place of the declared ones' },
    alpha: { type: 'string', value: 'A', help: 'risk of a wrong rollback and of a wrong promotion, such as 0.05' },
    bake: { type: 'string', value: 'DURATION', help: 'no promotion sooner, such as 30m; default: as the charter, else none' },
    'max-duration': { type: 'string', value: 'DURATION', help: 'undecided after, such as 24h; default: as the charter, else none' },
    json: { type: 'boolean', help: 'prints one JSON object and nothing else' },
    html: { type: 'string', value: 'FILE.html', help: 'writes one self-contained page with charts' },
  },
  notes: [
    'sluice backtest ab.csv --kpi converted:binary:higher --arm-column arm --time-column time',
    'options of a KPI: column, margin, weight, window, delay=same|differs, role, must-improve, cap, mean, sd, unobserved, above',
    'exit codes: 0 ran, whatever the decision; 2 bad input',
  ],
};
