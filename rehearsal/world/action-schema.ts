import * as z from 'zod';
import { APPROVAL_KINDS } from '../../core/contracts';
import { duration } from './kpi-events-schema';

export const ACTIONS = [
  'deploy',
  'release',
  'approve-package',
  'approve',
  'reject',
  'delegate',
  'rollback',
  'kill',
  'revive',
  'park',
  'wake',
  'budget',
  'acknowledge',
  'resolve',
  'retrain',
  'snooze',
  'acknowledge-drift',
  'destroy',
] as const;

export const INCIDENTS = ['rollback', 'kill', 'failed-update', 'silent-drift', 'failed-rollback', 'overdue', 'budget'] as const;

/** What AWS Budgets speaks of: what was spent, or what is forecast. */
export const SPENDING_KINDS = ['actual', 'forecast'] as const;

/** Of a request for approval: before traffic, or after an inconclusive canary. */
const kind = z.enum(APPROVAL_KINDS);

/** Which keys belong to which action: `action-keys.ts`. */
export const actionSchema = z.strictObject({
  at: duration,
  do: z.enum(ACTIONS),
  /** deploy: the arm whose release the charter names. release, approve-package: the arm that the package holds. approve, reject: whose request. */
  release: z.string().optional(),
  /** deploy: merged over the charter, such as `{ tags: { team: other } }`; null takes a key away. */
  change: z.record(z.string(), z.unknown()).optional(),
  /** release: a model package of this standing. */
  package: z.enum(['approved', 'pending', 'rejected']).optional(),
  /** release: merged over the charter's behaviour. */
  behaviour: z.record(z.string(), z.unknown()).optional(),
  /** release: an earlier release once more, by its arm or id. */
  again: z.string().optional(),
  /** release: takes the place of a release in progress. */
  supersede: z.boolean().optional(),
  /** rollback: the release that is returned to, by its arm or id. delegate: the role or principal who may decide. */
  to: z.string().optional(),
  /** snooze, acknowledge-drift: of which nobody is told; default: all. */
  feature: z.string().optional(),
  /** delegate, snooze, acknowledge-drift: for so long. wake: stays on at least so long. */
  for: duration.optional(),
  /** acknowledge, resolve: the newest of this kind. */
  incident: z.enum(INCIDENTS).optional(),
  /** approve, reject, delegate: the role that the request names. Default: the one that acts. */
  role: z.string().optional(),
  /** approve, reject: which request. budget: `actual` or `forecast`. */
  kind: z.enum([...APPROVAL_KINDS, ...SPENDING_KINDS]).optional(),
  /** budget: the share of the budget that is exceeded, of one of its notifications. */
  threshold: z.number().positive().optional(),
  /** Who acts: an owner's role, or the ARN of a principal. */
  as: z.string().default('platform'),
  reason: z.string().default('scenario'),
});

export const personSchema = z.strictObject({
  role: z.string(),
  /** Who signs: a role, or the ARN of a principal. Default: an owner of the role. */
  as: z.string().optional(),
  after: duration,
  decision: z.enum(['approve', 'reject']),
  comment: z.string().optional(),
  kind: kind.default('release'),
  /** Only releases of this arm. */
  release: z.string().optional(),
  /** `callback`: a tool of one's own answers the task token. */
  through: z.enum(['url', 'callback']).default('url'),
  /** How often the same is said, a minute apart. */
  times: z.number().int().positive().default(1),
});
