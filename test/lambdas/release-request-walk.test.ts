import { posted, SPEC } from './support';
import pc from 'picocolors';
import { readSnapshot } from '../../bin/status/snapshot';
import { statusOf } from '../../bin/status/status';
import { statusText } from '../../bin/status/text';
import { createRandom } from '../../rehearsal/kernel/random';
import { ledgerKeys } from '../../core/contracts';
import { releaseHash } from '../../core/hash';
import { answerReleaseRequest } from '../../lambdas/release-request/http';
import { handlePackage } from '../../lambdas/release-request/registry';
import type { Desired } from '../../lambdas/shared/desired';
import { answering } from '../../lambdas/shared/http';
import type { StoredRelease } from '../../lambdas/shared/releases';
import { type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

const ANNA = 'arn:aws:sts::111122223333:assumed-role/PlatformOnCall/anna';
const OWNERS = { platform: ['arn:aws:iam::111122223333:role/PlatformOnCall'] };
const GROUP = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage';

beforeEach(() => void fakeResponseUrl());
afterEach(() => jest.restoreAllMocks());

/** Everybody who may ask, and every way in which a release ends, in any order. */
class Walk {
  readonly the: World = world();
  private charter = { ...SPEC };
  private calls = 0;
  private versions = 0;

  constructor(private readonly random: ReturnType<typeof createRandom>) {}

  async step(): Promise<string> {
    this.the.clock.millis += 60_000;
    const acts: [string, () => Promise<unknown>][] = [
      ['deploy unchanged', () => this.unchangedDeploy()],
      ['deploy', () => this.changedDeploy()],
      ['approve', () => this.approve(this.versions++ % 4)],
      ['approve again', () => this.approve(this.random.integer(4))],
      ['release', () => this.release({ behaviour: { threshold: this.random.integer(3) } })],
      ['supersede', () => this.release({ behaviour: { threshold: this.random.integer(3) }, supersede: true })],
      ['again', () => this.release({ releaseId: this.anyRelease() ?? 'r0' })],
      ['end', () => this.endOne()],
      ['end too', () => this.endOne()],
      ['return', () => this.the.controller.rollBackByHand(ANNA, 'back', this.anyRelease())],
      ['kill', () => (this.random.next() < 0.3 ? this.killAndRevive() : Promise.resolve())],
    ];
    const [name, act] = acts[this.random.integer(acts.length)]!;
    await act();
    await this.wake();
    return name;
  }

  /** Whoever waits is woken by every request: who is not wanted any more ends. */
  private async wake(): Promise<void> {
    const wanted = this.the.item<Desired>(ledgerKeys.desired())?.releaseId;
    for (const { id: releaseId, status, endedAt } of this.releases()) {
      if (endedAt !== undefined || status !== 'requested' || releaseId === wanted) continue;
      const turn = await this.the.step({ action: 'register', releaseId, executionArn: 'arn' });
      if (turn['superseded'] === true) {
        await this.the.step({ action: 'finish', releaseId, outcome: 'superseded', stage: 'create', reason: 'newer' });
      }
    }
  }

  releases(): StoredRelease[] {
    return this.the.items('releases') as unknown as StoredRelease[];
  }

  private anyRelease(): string | undefined {
    const all = this.releases();
    return all[this.random.integer(Math.max(1, all.length))]?.id;
  }

  private async unchangedDeploy(): Promise<void> {
    const known = this.the.item(ledgerKeys.desired()) !== undefined;
    const before = this.releases().length;
    await this.the.deploy(this.charter);
    if (known) expect(this.releases()).toHaveLength(before);
  }

  private async changedDeploy(): Promise<void> {
    const parts = [
      { behaviour: { threshold: this.random.integer(4) } },
      { model: { image: `example.com/triage:${this.random.integer(3)}`, environment: {} } },
      { serving: { ...SPEC.serving, minInstances: 1 + this.random.integer(2) } },
    ];
    this.charter = { ...this.charter, ...parts[this.random.integer(parts.length)] };
    await this.the.deploy(this.charter);
  }

  private async approve(version: number): Promise<void> {
    const event = { packageArn: `${GROUP}/${version}`, group: 'triage', approvalStatus: 'Approved', updated: [] };
    const parts = { ...this.the.requestParts, group: 'triage' };
    await handlePackage(parts, event);
    const before = this.releases().length;
    await handlePackage(parts, event);
    expect(this.releases()).toHaveLength(before);
  }

  private async release(body: object): Promise<void> {
    this.calls += 1;
    const parts = { ...this.the.requestParts, owners: OWNERS, packageGroups: [GROUP], requestId: String(this.calls) };
    await answering(() => answerReleaseRequest(parts, posted('/release', { reason: 'walk', ...body }, ANNA)));
  }

  /** The next one that has its turn goes as far as chance has it. */
  private async endOne(): Promise<void> {
    const { the } = this;
    const open = this.releases()
      .filter(({ endedAt }) => endedAt === undefined)
      .sort((a, b) => a.sequence - b.sequence);
    for (const { id: releaseId, status, stop } of open) {
      const finish = (outcome: string) => the.step({ action: 'finish', releaseId, outcome, stage: 'create', reason: 'walk' });
      if (stop !== undefined) return void (await finish('rolled-back'));
      if (status === 'requested') {
        const { locked, superseded } = await the.step({ action: 'register', releaseId, executionArn: 'arn' });
        if (superseded === true) return void (await finish('superseded'));
        if (locked !== true) continue;
      }
      const fate = this.random.integer(3);
      if (fate === 0) return void (await finish('rejected'));
      await the.step({ action: 'dark', releaseId });
      if (fate === 1) return void (await finish('rolled-back'));
      await the.step({ action: 'promote', releaseId, by: 'verdict', reason: 'good' });
      return void (await finish('promoted'));
    }
  }

  private async killAndRevive(): Promise<void> {
    const { the } = this;
    if (the.item(ledgerKeys.control()) === undefined) return;
    await the.controller.kill(ANNA, 'drill');
    for (const { id: releaseId } of this.releases().filter(({ endedAt }) => endedAt === undefined)) {
      await the.step({ action: 'finish', releaseId, outcome: 'killed', stage: 'teardown', reason: 'killed' });
    }
    if (this.random.next() < 0.5) await this.approve(this.versions++ % 4);
    await the.controller.revive(ANNA, 'over');
  }
}

/** Every release that has not ended is shown, either in progress or in the queue, and what is printed is a sentence. */
async function expectShown(the: World, releases: StoredRelease[], where: string): Promise<void> {
  const status = statusOf(await readSnapshot(the.ledger, the.clock.millis), the.clock.millis);
  const shown = [
    ...status.queue.map(({ releaseId }) => releaseId),
    ...(status.inProgress === undefined ? [] : [status.inProgress.releaseId]),
  ];
  expect([where, shown.toSorted()]).toEqual([
    where,
    releases
      .filter(isOpen)
      .map(({ id }) => id)
      .toSorted(),
  ]);
  expect([where, statusText(status, pc.createColors(false))]).toEqual([where, expect.not.stringMatching(/undefined|NaN|\[object/)]);
}

const isOpen = ({ endedAt, stop }: StoredRelease): boolean => endedAt === undefined && stop === undefined;

test.each([...Array(10).keys()])('whoever asks in whatever order, the same content has one release (seed %i)', async (seed) => {
  const walk = new Walk(createRandom(seed));
  await walk.the.deploy();
  const taken: string[] = [];
  for (let count = 0; count < 30; count += 1) {
    taken.push(await walk.step());
    const releases = walk.releases();
    const where = `${taken.length}: ${taken.at(-1)}`;
    // Nothing starts twice; a return is an order of its own.
    const open = releases.filter((release) => isOpen(release) && release.returnTo === undefined).map(({ hash }) => hash);
    expect([where, new Set(open).size]).toEqual([where, open.length]);
    expect([where, new Set(releases.map(({ sequence }) => sequence)).size]).toEqual([where, releases.length]);
    // What is wanted, and the release that stands for it, are the same content.
    const desired = walk.the.item<Desired>(ledgerKeys.desired());
    if (desired === undefined) continue;
    expect([where, releaseHash(desired.spec)]).toEqual([where, desired.hash]);
    const stands = releases.find(({ id }) => id === desired.releaseId);
    if (stands !== undefined) expect([where, stands.hash]).toEqual([where, desired.hash]);
    await expectShown(walk.the, releases, where);
    // Of those that wait, the one that is wanted is not superseded.
    for (const { hash, sequence } of releases.filter(
      (release) => release.status === 'requested' && isOpen(release) && release.id === desired.releaseId,
    )) {
      expect([where, hash, sequence]).toEqual([where, desired.hash, stands?.sequence]);
    }
  }
});
