import { type DriftFinding, type DriftLook, ledgerKeys } from '../../core/contracts';
import { type DriftMemory, type Notice, NOTHING_TOLD } from '../../core/drift/look/telling';
import { IF_ABSENT, type Ledger } from '../shared/ledger';
import type { Learning } from './baseline';
import type { Jobs } from './begin-job';

/** What one look leaves to the next. */
export interface DriftState {
  /** Grows with every look: of two at the same time one is kept. */
  version: number;
  look?: DriftLook;
  memory: DriftMemory;
  jobs: Jobs;
  learning?: Learning;
  /** Before this hour everything of the release has been read. */
  settled?: { releaseId: string; rules: string; hour: number };
  /** The policy that the release is watched by, as it is kept in the bucket. */
  watched?: { releaseId: string; policyKey: string };
  /** What the last daily look at KPIs found. */
  kpi?: { day: string; releaseId: string; findings: DriftFinding[] };
  /** What was decided to be told, until it has been. */
  owed: Notice[];
  /** So long whoever decided it may still be telling; ISO 8601. */
  claimedUntil?: string;
}

/** Members in which names are chosen by users are JSON: an item is read as a whole anyway. */
interface Item {
  version: number;
  at: string;
  hour: string;
  state: string;
  reason: string;
  releaseId?: string;
  look: string;
  memory: string;
  jobs: string;
  learning?: Learning;
  settled?: DriftState['settled'];
  watched?: DriftState['watched'];
  kpi?: string;
  owed: string;
  claimedUntil?: string;
}

const BEGINNING: DriftState = { version: 0, memory: NOTHING_TOLD, jobs: {}, owed: [] };

export async function readState(ledger: Ledger): Promise<DriftState> {
  const item = await ledger.get<Item>(ledgerKeys.drift());
  if (item === undefined) return BEGINNING;
  const { version, look, memory, jobs, learning, settled, watched, kpi, owed, claimedUntil } = item;
  return {
    version,
    look: JSON.parse(look) as DriftLook,
    memory: JSON.parse(memory) as DriftMemory,
    jobs: JSON.parse(jobs) as Jobs,
    ...(learning === undefined ? {} : { learning }),
    ...(settled === undefined ? {} : { settled }),
    ...(watched === undefined ? {} : { watched }),
    ...(kpi === undefined ? {} : { kpi: JSON.parse(kpi) as DriftState['kpi'] }),
    owed: JSON.parse(owed) as Notice[],
    ...(claimedUntil === undefined ? {} : { claimedUntil }),
  };
}

/** False: another look was faster. */
export async function writeState(
  ledger: Ledger,
  before: DriftState,
  next: Omit<DriftState, 'version'> & { look: DriftLook },
): Promise<boolean> {
  const { look, memory, jobs, learning, settled, watched, kpi, owed, claimedUntil } = next;
  const item: Item = {
    version: before.version + 1,
    at: look.at,
    hour: look.hour,
    state: look.state,
    reason: look.reason,
    ...(look.releaseId === undefined ? {} : { releaseId: look.releaseId }),
    look: JSON.stringify(look),
    memory: JSON.stringify(memory),
    jobs: JSON.stringify(jobs),
    ...(learning === undefined ? {} : { learning }),
    ...(settled === undefined ? {} : { settled }),
    ...(watched === undefined ? {} : { watched }),
    ...(kpi === undefined ? {} : { kpi: JSON.stringify(kpi) }),
    owed: JSON.stringify(owed),
    ...(claimedUntil === undefined ? {} : { claimedUntil }),
  };
  const condition =
    before.version === 0
      ? IF_ABSENT
      : { text: '#version = :version', names: { '#version': 'version' }, values: { ':version': before.version } };
  return ledger.put(ledgerKeys.drift(), item, condition);
}

/** What was owed has been told. */
export async function settleOwed(ledger: Ledger, version: number): Promise<void> {
  await ledger.update(
    ledgerKeys.drift(),
    { text: 'SET owed = :none REMOVE claimedUntil', values: { ':none': '[]' } },
    { text: '#version = :version', names: { '#version': 'version' }, values: { ':version': version } },
  );
}
