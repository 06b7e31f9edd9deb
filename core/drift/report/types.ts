import type { DriftLook, DriftMute, DriftWindow } from '../../contracts';
import type { WindowComparison } from '../judge/types';
import type { DriftBaseline, Skipped } from '../types';

export interface DriftReportWindow {
  /** `last 24 h`, or a file. */
  name: string;
  window: DriftWindow;
  /** Missing: the window has no rows. */
  comparison?: WindowComparison;
}

export interface DriftReport {
  /** The use case, or the files. */
  title: string;
  look: Partial<DriftLook> & Pick<DriftLook, 'state' | 'reason'>;
  /** Missing while it is learned. */
  baseline?: Pick<DriftBaseline, 'source' | 'profile'>;
  windows: DriftReportWindow[];
  /** Records that were left out. */
  skipped?: Skipped;
  mutes?: DriftMute[];
  /** Sentences for the foot of the page, e.g. what was inferred. */
  notes?: string[];
}
