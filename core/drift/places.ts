/** Folders of the drift bucket. Hours are UTC: `2026/03/02/09`. */
export const DRIFT_FOLDERS = {
  /** What `training-data` and `statistics` became, and what the first days of a release became. */
  baselines: 'baselines',
  /** What releases are watched by: as long as a release answers, it is what it came with. */
  policies: 'policies',
  /** A `Profile` for each hour, below the release's id and what counting depends on: the layout, and the policy's rules. */
  profiles: 'profiles',
  /** Parts of an hour that many functions read, until they are merged. */
  parts: 'parts',
  looks: 'looks',
  reports: 'reports',
  /** How good the answers of an hour were, below the release's id. */
  quality: 'quality',
  /** Truth by the hour in which it arrived: lines in SageMaker's ground-truth format. */
  truth: 'truth',
  /** Data sets of retraining runs, below the run's id. */
  training: 'training',
  /** What retraining runs made of them, below the run's id: a release may run it for years, so nothing here expires. */
  models: 'models',
} as const;

const HOUR_MILLIS = 3_600_000;

/** `2026/03/02/09`, as SageMaker names capture's folders. */
export const hourFolder = (atMillis: number): string => new Date(atMillis).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');

export const hourOfMillis = (atMillis: number): number => Math.floor(atMillis / HOUR_MILLIS);
