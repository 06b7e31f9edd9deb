import { type Tidying, tidy, tidyingOf, unused } from '../../core/release/tidy';
import { changeControl, existingControl } from '../shared/control-store';
import type { Obsolete } from '../../core/release/plan';
import { existingRelease } from '../shared/releases';
import type { ActionOf } from './action';
import { noteTidied } from './finish';
import { changeOf, type StepParts } from './parts';

export interface TidyAnswer extends Obsolete {
  do: Tidying;
}

const NOTHING: Obsolete = { obsoleteConfigs: [], obsoleteModels: [], obsoleteEndpoints: [], obsoleteComponents: [] };

/** The rollback window of a promoted release is over: says what is left to do, and takes the lock where the endpoint is to change. */
export async function endWindow(parts: StepParts, { releaseId }: ActionOf<'tidy'>): Promise<TidyAnswer> {
  const { ledger } = parts;
  const { window } = await existingRelease(ledger, releaseId);
  const change = changeOf(parts, `The rollback window of release ${releaseId} is over`);
  const taken = await changeControl(ledger, (control) => tidy(control, releaseId, change));
  const control = taken.ok ? taken.next : await existingControl(ledger);
  const what = tidyingOf(control, releaseId);
  if (what === 'nothing') {
    await noteTidied(parts, releaseId);
  }
  const all: Obsolete = { ...NOTHING, ...window };
  // The dark config is what the endpoint runs until it has its own.
  const left = what === 'settle' ? all : unused(control, all);
  return { do: what, ...(what === 'settle' || what === 'delete' ? onlyNames(left) : NOTHING) };
}

const onlyNames = ({ obsoleteConfigs, obsoleteModels, obsoleteEndpoints, obsoleteComponents }: Obsolete): Obsolete => ({
  obsoleteConfigs,
  obsoleteModels,
  obsoleteEndpoints,
  obsoleteComponents,
});
