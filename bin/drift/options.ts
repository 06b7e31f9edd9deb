import type { CommandSpec } from '../arguments';
import { PLACE } from '../commands/owner-request';

/** Beside the codes that all commands share. */
export const DRIFT_EXIT = { nothingToSay: 4, brokenInput: 5 } as const;

const FORMATS = 'CSV, JSONL, Parquet, SageMaker data capture; text may end in .gz; a folder means all files below it';

export const COMPARE: CommandSpec = {
  name: 'drift',
  summary:
    'Compares windows of rows with a baseline, by the rule that watches a deployed use case: what moved must be both large and significant.',
  positionals: ['<baseline>', '<window>'],
  morePositionals: true,
  options: {
    charter: {
      type: 'string',
      value: 'DIR|usecase.yaml',
      help: "the charter's drift section says what is watched; default: inferred from the baseline",
    },
    features: { type: 'string', value: 'A,B', help: 'only these; a kind may follow, such as zip:categorical (numeric, categorical, text)' },
    'time-column': { type: 'string', value: 'NAME', help: "a table's times: ISO 8601 (no zone: UTC) or an epoch; captures know theirs" },
    rhythm: {
      type: 'string',
      value: 'none|daily|weekly',
      help: 'compares with the same hours of the day, or of the week; needs times; default none',
    },
    threshold: {
      type: 'string',
      value: 'T',
      help: 'smallest distance that is large, for all features, 0.01 to 1; default 0.1, or as the charter',
    },
    'minimum-rows': { type: 'string', value: 'N', help: 'fewer rows say nothing; default 200, or as the charter' },
    json: { type: 'boolean', help: 'prints one JSON object and nothing else' },
    report: { type: 'string', value: 'FILE.html', help: 'writes one self-contained page: distributions side by side' },
  },
  notes: [
    `files: ${FORMATS}`,
    "the baseline may also be SageMaker's statistics.json (constraints.json beside it is read too), or a baseline of Sluice",
    'sluice drift train.csv monday.csv tuesday.csv --report drift.html',
    'sluice drift status | snooze | acknowledge | unmute --help: a deployed use case',
    'exit codes: 0 no drift; 1 drift; 2 bad input; 4 nothing can be said: no data, or not enough; 5 broken input: missing, unreadable or impossible values',
  ],
};

const FEATURE = 'feature: as the charter names it, captures (no data), records (unreadable ones); default: everything';
const REASON = { type: 'string', value: 'TEXT', help: 'why, in a sentence; kept as evidence' } as const;
const EXIT_CODES = 'exit codes: 0 done, 1 refused or not reachable, 2 bad input';

export const STATUS: CommandSpec = {
  name: 'drift status',
  summary: 'Says what the last look of a deployed use case saw, and what is muted.',
  positionals: [],
  options: { json: { type: 'boolean', help: 'prints the answer as JSON' }, ...PLACE },
  notes: [
    'exit codes: 0 no drift; 1 drift, refused or not reachable; 2 bad input; 4 nothing can be said: no data, or not enough; 5 broken input',
  ],
};

const FOR = (help: string) => ({ type: 'string', value: 'DURATION', help }) as const;
const UNTIL = { type: 'string', value: 'TIME', help: 'in place of --for: ISO 8601, such as 2026-03-09T12:00Z' } as const;

export const SNOOZE: CommandSpec = {
  name: 'drift snooze',
  summary: 'Nobody is told of a feature until the time is over, whatever happens. Metrics go on.',
  positionals: ['[feature]'],
  options: { for: FOR('how long, such as 12h or 3d; at most 90d'), until: UNTIL, reason: REASON, ...PLACE },
  notes: [FEATURE, EXIT_CODES],
};

export const ACKNOWLEDGE: CommandSpec = {
  name: 'drift acknowledge',
  summary: 'The drift is known: nobody is told again until it is over and comes back, or the time is over.',
  positionals: ['[feature]'],
  options: { for: FOR('at most so long, such as 14d; default 7d'), until: UNTIL, reason: REASON, ...PLACE },
  notes: [FEATURE, EXIT_CODES],
};

export const UNMUTE: CommandSpec = {
  name: 'drift unmute',
  summary: 'Ends a snooze or an acknowledgement.',
  positionals: ['[feature]'],
  options: { ...PLACE },
  notes: [FEATURE, EXIT_CODES],
};
