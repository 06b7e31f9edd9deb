import type { DriftLook, DriftPolicy, DriftWindow, QualityMeasure } from '../../core/contracts';
import { qualityFindings, qualityOf, stateOf } from '../../core/drift/judge';
import { KEPT_HOURS, LATE_HOURS, listedFrom } from '../../core/drift/look/due';
import { isMissing, isPartlyMissing } from '../../core/drift/look/missing';
import { hourName, startOfHour } from '../../core/drift/look/objects';
import { hourOfMillis } from '../../core/drift/places';
import { logger } from '../shared/telemetry';
import { type BaselineFound, type BaselineNotes, findBaseline, type KnownBaseline, notCompared } from './baseline';
import { withoutOldJobs } from './begin-job';
import { refreshHours, type Refreshed } from './hours';
import { type JudgedWindow, judgeWindows, withExamples, withFindings } from './judge';
import { currentMovement } from './movement';
import { type DriftParts, iso } from './parts';
import { type Profiles, rulesOf } from './profiles';
import { currentQuality } from './quality';
import type { ReleasePolicy } from './release-policy';
import { listHours, sinceHourOf, type Stable } from './stable';
import type { DriftState } from './state';

/** While an hour is read by many, the one before is judged; no longer than this. */
const MOST_WAITED_HOURS = 6;
/** Of the charter's false alarms; the rest is for what is seen in requests and answers. */
const KPI_SHARE = 0.1;

/** What one look found out. */
export interface Seen {
  look: DriftLook;
  judged: JudgedWindow[];
  missing: boolean;
  state: Omit<DriftState, 'version' | 'memory' | 'owed' | 'look' | 'claimedUntil'>;
  baseline?: KnownBaseline;
  /** Features that the baseline has no values of. */
  notCompared: string[];
  /** Records of the hour that is looked at. */
  lastHour: HourRows;
  /** Of what is seen beside drift: thrown when the look is done. */
  failure?: unknown;
}

interface HourRows {
  rows: number;
  broken: number;
}

const NO_ROWS: HourRows = { rows: 0, broken: 0 };

export function nothingSeen(parts: DriftParts, before: DriftState, reason: string): Seen {
  const hour = hourName(hourOfMillis(parts.now()) - 1);
  const look: DriftLook = { at: iso(parts.now()), hour, state: 'no-data', reason, windows: [], quality: [] };
  const { jobs, learning, watched } = before;
  const state = { jobs, ...(learning === undefined ? {} : { learning }), ...(watched === undefined ? {} : { watched }) };
  return { look, judged: [], missing: false, state, notCompared: [], lastHour: NO_ROWS };
}

/** Counts what has come, and judges it: windows first, then answers whose truth is known, then KPIs. */
export async function see(
  parts: DriftParts,
  profiles: Profiles,
  stable: Stable,
  release: ReleasePolicy,
  before: DriftState,
): Promise<Seen> {
  const hour = hourOfMillis(parts.now()) - 1;
  const jobs = withoutOldJobs(before.jobs, parts.now());
  const notes: BaselineNotes = { jobs, ...(before.learning === undefined ? {} : { learning: before.learning }) };
  const { policy, policyKey, watched, until } = release;
  const { features, kpis } = sharesOf(policy);
  const scene: Scene = { parts, profiles, stable, policy: features, policyKey, before, hour, jobs };
  const found = await findBaseline(parts, features, stable, notes, policyKey);
  const known = 'baseline' in found ? found : undefined;
  const read = known === undefined ? undefined : await readHours(scene, known);
  const beside = await seeBeside(scene, kpis);
  const { measures, kpi } = beside;
  const lookedAt = read?.hour ?? hour;
  const captures = read?.captures ?? (await listHours(parts, stable, hour, hour));
  const requests = await parts.requests(stable.endpointName, stable.variantName, startOfHour(lookedAt), startOfHour(lookedAt + 1));
  const stopped = isMissing(requests, stable.samplingShare, captures.get(lookedAt)?.objects.length ?? 0);
  const judged = read?.judged ?? [];
  const windows = withFindings(
    judged.map(({ window }) => window),
    [...qualityFindings(measures, beside.windowHours), ...(kpi?.findings ?? [])],
  );
  const lacking = known === undefined ? [] : notCompared(known.baseline);
  const problem = stopped
    ? stoppedWords(requests, stable, lookedAt)
    : (problemOf(found, read?.refreshed) ?? (await partlyStopped(scene, read)));
  const pending = read?.refreshed.pending.size ?? 0;
  const look = lookOf(parts, { hour: lookedAt, stable, windows, measures, requests, problem, found, pending, lacking, until });
  return {
    look,
    judged: judged.map((one) => ({ ...one, window: windows.find(({ hours }) => hours === one.window.hours) ?? one.window })),
    missing: problem !== undefined,
    state: {
      jobs,
      watched,
      ...(notes.learning === undefined ? {} : { learning: notes.learning }),
      ...(read?.settled === undefined ? {} : { settled: read.settled }),
      ...(kpi === undefined ? {} : { kpi }),
    },
    ...(known === undefined ? {} : { baseline: known }),
    notCompared: lacking,
    lastHour: rowsOf(read, lookedAt),
    ...(beside.failure === undefined ? {} : { failure: beside.failure }),
  };
}

interface Beside {
  measures: QualityMeasure[];
  windowHours: number;
  kpi?: DriftState['kpi'];
  failure?: unknown;
}

/** Truth and KPIs: where they cannot be read, drift is told all the same. */
async function seeBeside({ parts, policy, policyKey, stable, hour, jobs, before }: Scene, kpis: DriftPolicy): Promise<Beside> {
  const seen: Beside = { measures: [], windowHours: 0 };
  try {
    const quality = await currentQuality(parts, policy, stable, hour, jobs, policyKey);
    seen.windowHours = quality.windowHours;
    if (quality.counts !== undefined) seen.measures = qualityOf(quality.counts, policy);
    seen.kpi = await currentMovement(parts, kpis, stable, before.kpi);
  } catch (failure) {
    logger.error('Quality or KPIs could not be looked at', { failure });
    seen.failure = failure;
  }
  return seen;
}

function rowsOf(read: ReadHours | undefined, hour: number): HourRows {
  const profile = read?.refreshed.kept.get(hour)?.profile;
  if (profile === undefined) return NO_ROWS;
  return { rows: profile.rows, broken: Object.values(profile.skipped.counts).reduce((sum, count) => sum + count, 0) };
}

/** SageMaker stops capturing instance by instance. Of the hour before the last one: files come late. */
async function partlyStopped({ parts, stable }: Scene, read: ReadHours | undefined): Promise<string | undefined> {
  if (read === undefined || read.hour - 1 <= sinceHourOf(stable) || read.refreshed.pending.has(read.hour - 1)) return undefined;
  const hour = read.hour - 1;
  const { rows, broken } = rowsOf(read, hour);
  if (rows === 0) return undefined;
  const requests = await parts.requests(stable.endpointName, stable.variantName, startOfHour(hour), startOfHour(hour + 1));
  if (!isPartlyMissing(requests, stable.samplingShare, rows + broken)) return undefined;
  const expected = Math.round(requests * stable.samplingShare);
  return `of ${expected} requests that were to be captured in ${hourName(hour)} ${rows + broken} were: is the disk of an instance full?`;
}

/** Together no more false alarms than the charter allows. */
function sharesOf(policy: DriftPolicy): { features: DriftPolicy; kpis: DriftPolicy } {
  if (!policy.kpiMovement) return { features: policy, kpis: policy };
  const share = (part: number): DriftPolicy => ({ ...policy, falseAlarmsPerYear: policy.falseAlarmsPerYear * part });
  return { features: share(1 - KPI_SHARE), kpis: share(KPI_SHARE) };
}

interface Scene {
  parts: DriftParts;
  profiles: Profiles;
  stable: Stable;
  policy: DriftPolicy;
  policyKey: string;
  before: DriftState;
  hour: number;
  jobs: DriftState['jobs'];
}

interface ReadHours {
  hour: number;
  judged: JudgedWindow[];
  captures: Awaited<ReturnType<typeof listHours>>;
  refreshed: Refreshed;
  settled?: DriftState['settled'];
}

async function readHours(scene: Scene, { baseline, key: baselineKey }: KnownBaseline): Promise<ReadHours> {
  const { parts, profiles, policy, policyKey, stable, before, hour, jobs } = scene;
  const rules = rulesOf(policy, baseline);
  const isSame = before.settled?.releaseId === stable.releaseId && before.settled.rules === rules;
  const sinceHour = sinceHourOf(stable);
  const captures = await listHours(parts, stable, listedFrom(hour, sinceHour, isSame ? before.settled?.hour : undefined), hour);
  const fromHour = Math.max(sinceHour, hour - KEPT_HOURS + 1);
  const input = { policy, policyKey, stable, baseline, baselineKey, captures, fromHour, hour, jobs };
  const refreshed = await refreshHours(parts, profiles, input);
  let judgedHour = hour;
  while (refreshed.pending.has(judgedHour) && hour - judgedHour < MOST_WAITED_HOURS && judgedHour > fromHour) judgedHour -= 1;
  const judged = judgeWindows(baseline, refreshed.kept, judgedHour, policy);
  const shown = await withExamples(parts, policy, stable, baseline, judged, captures, judgedHour);
  const oldest = Math.min(hour - LATE_HOURS + 1, ...refreshed.pending);
  const settled = { releaseId: stable.releaseId, rules, hour: Math.max(oldest, sinceHour) };
  return { hour: judgedHour, judged: shown, captures, refreshed, settled };
}

function stoppedWords(requests: number, { releaseId, samplingShare }: Stable, hour: number): string {
  return samplingShare === 0
    ? `release ${releaseId} was deployed without serving.capture: deploy it anew`
    : `SageMaker answered ${requests} requests in ${hourName(hour)} and captured none: is the disk of an instance full?`;
}

/** Why drift cannot be judged, and will not be unless somebody does something; undefined: it can, or will be by itself. */
function problemOf(found: BaselineFound, refreshed: Refreshed | undefined): string | undefined {
  if ('problem' in found) return found.problem;
  const [givenUp] = refreshed?.givenUp ?? [];
  return givenUp === undefined
    ? undefined
    : `${hourName(givenUp)} could not be read in three attempts: the executions of the drift job say why`;
}

interface LookInput {
  hour: number;
  stable: Stable;
  windows: DriftWindow[];
  measures: QualityMeasure[];
  requests: number;
  problem: string | undefined;
  found: BaselineFound;
  pending: number;
  lacking: string[];
  until: string | undefined;
}

function lookOf(parts: DriftParts, input: LookInput): DriftLook {
  const { hour, stable, windows, measures, requests, problem, found, pending, lacking, until } = input;
  const judged = windows.length === 0 ? { state: 'no-data' as const, reason: '' } : stateOf(windows);
  const isSilent = judged.state !== 'drifting' && judged.state !== 'broken-input';
  const learning = 'learning' in found ? found.learning : undefined;
  const state = !isSilent ? judged.state : problem !== undefined ? 'no-data' : learning !== undefined ? 'not-enough-data' : judged.state;
  const waiting = pending === 0 ? undefined : `${pending} ${pending === 1 ? 'hour is' : 'hours are'} still being read`;
  const silent = lacking.length === 0 ? undefined : `not compared, since the baseline has no values of them: ${lacking.join(', ')}`;
  const earlier = until === undefined ? undefined : `watched by what it came with until ${until} answers`;
  const reasons = [
    ...(isSilent && (problem ?? learning) !== undefined ? [] : [judged.reason]),
    problem,
    learning,
    waiting,
    silent,
    earlier,
  ];
  return {
    at: iso(parts.now()),
    hour: hourName(hour),
    releaseId: stable.releaseId,
    state,
    reason: reasons.filter((reason) => reason !== undefined && reason !== '').join('; '),
    windows,
    quality: measures,
    requests,
  };
}
