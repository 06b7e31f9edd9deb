import { APPROVAL_KINDS } from '../../core/contracts';
import { BadInputError } from '../../core/errors';
import { SPENDING_KINDS } from './action-schema';
import type { NamedScenario } from './load-scenario';
import type { ScenarioAction } from './scenario-schema';

type Key = keyof ScenarioAction;

const COMMON: Key[] = ['at', 'do', 'as', 'reason'];
const DECIDES: Key[] = ['release', 'role', 'kind'];

const KEYS: Record<ScenarioAction['do'], Key[]> = {
  deploy: ['release', 'change'],
  release: ['release', 'package', 'behaviour', 'again', 'supersede'],
  'approve-package': ['release'],
  approve: DECIDES,
  reject: DECIDES,
  delegate: ['role', 'to', 'for'],
  rollback: ['to'],
  kill: [],
  revive: [],
  park: [],
  wake: ['for'],
  budget: ['kind', 'threshold'],
  acknowledge: ['incident'],
  resolve: ['incident'],
  retrain: [],
  snooze: ['feature', 'for'],
  'acknowledge-drift': ['feature', 'for'],
  destroy: [],
};

/** A key that does nothing for its action proves nothing. */
export function checkActions({ file, scenario }: Pick<NamedScenario, 'file' | 'scenario'>): void {
  scenario.actions.forEach((action, index) => {
    const where = `${file}: actions[${index}]`;
    const allowed = [...COMMON, ...KEYS[action.do]];
    const stray = (Object.keys(action) as Key[]).find((key) => !allowed.includes(key));
    if (stray !== undefined)
      throw new BadInputError(
        `${where}.${stray}: is no setting of this action\n  given:   do: ${action.do}\n  allowed: ${allowed.join(', ')}`,
      );
    if (action.kind !== undefined && !kindsOf(action).includes(action.kind))
      throw new BadInputError(
        `${where}.kind: is no kind of this action\n  given:   ${action.kind}\n  allowed: ${kindsOf(action).join(', ')}`,
      );
    const missing = missingKey(action);
    if (missing !== undefined) throw new BadInputError(`${where}: do: ${action.do} needs ${missing}`);
  });
}

const kindsOf = ({ do: what }: ScenarioAction): readonly string[] => (what === 'budget' ? SPENDING_KINDS : APPROVAL_KINDS);

function missingKey(action: ScenarioAction): string | undefined {
  if (action.do === 'approve-package' && action.release === undefined) return 'release: the arm that the package holds';
  if (action.do === 'release' && action.package !== undefined && action.release === undefined)
    return 'release: the arm that the package holds';
  if (action.do === 'release' && action.package === undefined && action.release !== undefined)
    return 'package: approved, pending or rejected: the package that holds the arm';
  if (action.do === 'delegate' && action.to === undefined) return 'to: the role or the ARN of the principal who may decide';
  return undefined;
}
