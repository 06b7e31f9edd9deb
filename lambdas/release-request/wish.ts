import type { ReleaseSpec } from '../../core/contracts';
import { releaseHash } from '../../core/hash';
import { afterDeploy, afterRequest, partsOf, saysTheSame, wantedParts, type Wishes, wishesOf, withParts } from '../../core/release/desire';
import type { Wanted } from '../shared/desired';
import type { Asked } from './desire';
import { ReleaseRefused } from './refused';

/** What is wanted once the request is granted. */
export interface Wish {
  wishes: Wishes;
  /** The charter's policy over that content. */
  spec: ReleaseSpec;
  hash: string;
  /** A deploy whose charter asks for the same content as the one before. */
  unchanged: boolean;
}

export function wishAfter(before: Wanted | undefined, asked: Asked): Wish {
  if ('charter' in asked) {
    const charter = partsOf(asked.charter);
    const wishes = before === undefined ? wishesOf(charter) : afterDeploy(before.wishes, charter);
    return { ...specOf(asked.charter, wishes), unchanged: before !== undefined && saysTheSame(before.wishes, charter) };
  }
  if (before === undefined) {
    throw new ReleaseRefused('The use case has no charter yet', 'Requests once the stack was deployed', 'Deploy the stack');
  }
  return { ...specOf(before.spec, afterRequest(before.wishes, asked.change(wantedParts(before.wishes)))), unchanged: false };
}

function specOf(policy: ReleaseSpec, wishes: Wishes): Omit<Wish, 'unchanged'> {
  const spec = withParts(policy, wantedParts(wishes));
  return { wishes, spec, hash: releaseHash(spec) };
}
