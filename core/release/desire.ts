import type { ModelSpec, ReleaseSpec } from '../contracts/release';
import type { ServingSpec } from '../contracts/serving';
import { canonicalJson } from '../hash';

/** What a release is made of, in parts that are asked for one by one. */
export interface ReleaseParts {
  /** Package, or image and artefact, with the artefact's hash where it is known. */
  model: Omit<ModelSpec, 'environment'> & { artefactSha256?: string };
  environment: Record<string, string>;
  serving: ServingSpec;
  behaviour: Record<string, unknown>;
}

export type PartName = keyof ReleaseParts;
export const PART_NAMES: readonly PartName[] = ['model', 'environment', 'serving', 'behaviour'];

/** A part that the registry or a person asked for, beside what the charter says. */
export interface AskedPart {
  value: ReleaseParts[PartName];
  /** Releases that carry it. It counts while one of them is on its way, and for good once one was promoted. Empty: none was started yet. */
  carriers: string[];
}

export interface PartWish {
  /** As the last deploy had it. */
  charter: ReleaseParts[PartName];
  /** Asked for since: the last one counts. */
  asked: AskedPart[];
  /** What the last deploy that changed it replaced: a stack that goes back goes back to that. */
  before?: { charter: ReleaseParts[PartName]; asked: AskedPart[] };
}

export type Wishes = Record<PartName, PartWish>;

type Content = Pick<ReleaseSpec, 'model' | 'serving' | 'behaviour' | 'artefactSha256'>;

export function partsOf({ model, serving, behaviour, artefactSha256 }: Content): ReleaseParts {
  const { environment, ...source } = model;
  return { model: { ...source, ...(artefactSha256 === undefined ? {} : { artefactSha256 }) }, environment, serving, behaviour };
}

/** The policy of one specification over the content of another. */
export function withParts(policy: ReleaseSpec, { model, environment, serving, behaviour }: ReleaseParts): ReleaseSpec {
  const { artefactSha256, ...source } = model;
  const spec: ReleaseSpec = { ...policy, model: { ...source, environment }, serving, behaviour };
  delete spec.artefactSha256;
  return artefactSha256 === undefined ? spec : { ...spec, artefactSha256 };
}

export const wishesOf = (charter: ReleaseParts): Wishes => eachPart((name) => ({ charter: charter[name], asked: [] }));

/** What a deploy leaves unchanged stays as it was last asked for; what it changes is the charter's from now on; what it takes back is as before. */
export function afterDeploy(wishes: Wishes, charter: ReleaseParts): Wishes {
  return eachPart((name) => {
    const wish = wishes[name];
    const value = charter[name];
    if (same(value, wish.charter)) return wish;
    const before = { charter: wish.charter, asked: wish.asked };
    return { charter: value, asked: wish.before !== undefined && same(value, wish.before.charter) ? wish.before.asked : [], before };
  });
}

/** The registry or a person asks for these parts; the others stay. */
export function afterRequest(wishes: Wishes, changed: Partial<ReleaseParts>): Wishes {
  const wanted = wantedParts(wishes);
  return eachPart((name) => {
    const value = changed[name];
    const wish = wishes[name];
    return value === undefined || same(value, wanted[name]) ? wish : { ...wish, asked: [...wish.asked, { value, carriers: [] }] };
  });
}

/** What AWS's scikit-learn container is told about its artefact: nothing that a package of the registry, with a container of its own, may be told. */
export const OF_THE_CONTAINER: ReadonlySet<string> = new Set(['SAGEMAKER_PROGRAM', 'SAGEMAKER_SUBMIT_DIRECTORY']);

export function wantedParts(wishes: Wishes): ReleaseParts {
  const value = (name: PartName): unknown => (wishes[name].asked.at(-1) ?? { value: wishes[name].charter }).value;
  const parts = Object.fromEntries(PART_NAMES.map((name) => [name, value(name)])) as unknown as ReleaseParts;
  const isReplaced = 'modelPackageArn' in parts.model && !('modelPackageArn' in wishes.model.charter);
  if (!isReplaced || wishes.environment.asked.length > 0) {
    return parts;
  }
  const own = Object.entries(parts.environment).filter(([name]) => !OF_THE_CONTAINER.has(name));
  return { ...parts, environment: Object.fromEntries(own) };
}

/** The release stands for what is wanted now. */
export function carriedBy(wishes: Wishes, releaseId: string): Wishes {
  return eachPart((name) => {
    const wish = wishes[name];
    const last = wish.asked.at(-1);
    if (last === undefined || last.carriers.includes(releaseId)) return wish;
    return { ...wish, asked: [...wish.asked.slice(0, -1), { ...last, carriers: [...last.carriers, releaseId] }] };
  });
}

export function carriersOf(wishes: Wishes): string[] {
  const asked = PART_NAMES.flatMap((name) => [...wishes[name].asked, ...(wishes[name].before?.asked ?? [])]);
  return [...new Set(asked.flatMap(({ carriers }) => carriers))];
}

/** Without what came to nothing: parts all of whose releases ended otherwise than promoted. */
export function withoutFailed(wishes: Wishes, failed: ReadonlySet<string>): Wishes {
  const standing = (asked: AskedPart[]): AskedPart[] =>
    asked.flatMap(({ value, carriers }) => {
      const left = carriers.filter((id) => !failed.has(id));
      return left.length === 0 && carriers.length > 0 ? [] : [{ value, carriers: left }];
    });
  return eachPart((name) => {
    const { charter, asked, before } = wishes[name];
    return {
      charter,
      asked: standing(asked),
      ...(before === undefined ? {} : { before: { charter: before.charter, asked: standing(before.asked) } }),
    };
  });
}

/** Whether a deploy says the same as the one before it. */
export const saysTheSame = (wishes: Wishes, charter: ReleaseParts): boolean =>
  PART_NAMES.every((name) => same(wishes[name].charter, charter[name]));

const same = (left: unknown, right: unknown): boolean => canonicalJson(left) === canonicalJson(right);

const eachPart = (make: (name: PartName) => PartWish): Wishes => Object.fromEntries(PART_NAMES.map((name) => [name, make(name)])) as Wishes;
