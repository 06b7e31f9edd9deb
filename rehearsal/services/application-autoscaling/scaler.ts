import type { Cloud } from '../../cloud/types';
import type { AlarmNow, CloudWatch } from '../cloudwatch';
import type { Activities } from './activities';
import { bounded } from './bounds';
import type { ScalingPolicy, Stepping, Tracking } from './policies';
import type { Scaling } from './targets';
import { capacityOf } from './scalable';
import { stepped } from './steps';

/** While an alarm stays in its state, CloudWatch asks for its scaling action again and again. */
const AGAIN_MILLIS = 60_000;
/** What rounding up must not take for more. */
const DUST = 1e-9;

interface Ringing {
  policyArn: string;
  alarmName: string;
  state: AlarmNow['state'];
}

/** Does what policies say when their alarms ring. */
export class Scaler {
  private readonly ringing = new Map<string, Ringing>();
  private ticking = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly activities: Activities,
    private readonly policies: () => Iterable<ScalingPolicy>,
  ) {}

  alarmed(policy: ScalingPolicy, alarmName: string): void {
    const now = this.alarmNow(alarmName);
    if (now === undefined) return;
    this.ringing.set(`${policy.arn}|${alarmName}`, { policyArn: policy.arn, alarmName, state: now.state });
    this.act(policy, alarmName, now);
    if (!this.ticking) this.tickLater();
  }

  private alarmNow(name: string): AlarmNow | undefined {
    return this.cloud.double<CloudWatch>('cloudwatch').alarmNow(name);
  }

  private tickLater(): void {
    this.ticking = true;
    const { clock } = this.cloud;
    const tick = (): void => this.tick();
    if (clock.atInBackground === undefined) clock.after(AGAIN_MILLIS, tick);
    else clock.atInBackground(clock.now() + AGAIN_MILLIS, tick);
  }

  private tick(): void {
    this.ticking = false;
    for (const [key, { policyArn, alarmName, state }] of this.ringing) {
      const policy = [...this.policies()].find(({ arn }) => arn === policyArn);
      const now = this.alarmNow(alarmName);
      if (policy === undefined || now?.state !== state) this.ringing.delete(key);
      else this.act(policy, alarmName, now);
    }
    if (this.ringing.size > 0) this.tickLater();
  }

  private act(policy: ScalingPolicy, alarmName: string, alarm: AlarmNow): void {
    const capacity = capacityOf(this.cloud, policy.target.thing);
    // Scaling is blocked while SageMaker changes something.
    if (capacity?.ready !== true) return;
    const { rule } = policy;
    const cause = `monitor alarm ${alarmName} in state ${alarm.state} triggered policy ${policy.name}`;
    if (rule.kind === 'step') this.step(policy, rule, alarm, capacity.count, cause);
    else if (alarmName === policy.alarms?.low) this.trackIn(policy, capacity.count, cause);
    else if (alarm.value !== undefined) this.scaleOut(policy, tracked(rule, alarm.value), capacity.count, cause);
  }

  private step(policy: ScalingPolicy, rule: Stepping, { value, threshold, below }: AlarmNow, count: number, cause: string): void {
    if (value === undefined) return;
    const wish = (from: number): number | undefined => stepped(rule, { delta: value - threshold, below }, from);
    const wanted = wish(count);
    if (wanted === undefined) return;
    if (wanted > count) this.scaleOut(policy, (from) => wish(from) ?? from, count, cause);
    else this.scaleIn(policy, wanted, count, cause);
  }

  /** Within the cooldown, what was added last is part of what is added now. */
  private scaleOut(policy: ScalingPolicy, wish: (from: number) => number, count: number, cause: string): void {
    const { target, lastOut, scaleOutCooldownMillis } = policy;
    if (target.suspended.out) return;
    const from = lastOut !== undefined && this.isFresh(lastOut, scaleOutCooldownMillis) ? lastOut.from : count;
    const to = bounded(target, wish(from));
    if (to <= count) return;
    const scaling = this.activities.scale(target, to, cause);
    if (scaling !== undefined) policy.lastOut = Object.assign(scaling, { from });
  }

  /** Only when every tracking policy of the target that may scale in wants to; the highest count of them. */
  private trackIn(policy: ScalingPolicy, count: number, cause: string): void {
    const wishes: number[] = [];
    for (const other of this.policies()) {
      if (other.target !== policy.target || other.rule.kind !== 'tracking' || other.rule.scaleInDisabled) continue;
      const low = other.alarms === undefined ? undefined : this.alarmNow(other.alarms.low);
      if (low?.state !== 'ALARM' || low.value === undefined) return;
      wishes.push(tracked(other.rule, low.value)(count));
    }
    if (wishes.length > 0) this.scaleIn(policy, Math.max(...wishes), count, cause);
  }

  private scaleIn(policy: ScalingPolicy, wanted: number, count: number, cause: string): void {
    const { target, scaleInCooldownMillis } = policy;
    const { lastIn } = target;
    const to = bounded(target, wanted);
    if (to >= count || target.suspended.in) return;
    if (lastIn !== undefined && this.isFresh(lastIn, scaleInCooldownMillis)) return;
    const scaling = this.activities.scale(target, to, cause);
    if (scaling !== undefined) target.lastIn = scaling;
  }

  private isFresh({ completedAtMillis }: Scaling, cooldownMillis: number): boolean {
    return completedAtMillis === undefined || this.cloud.clock.now() < completedAtMillis + cooldownMillis;
  }
}

/** The count with which the metric would be at its target. Of nothing, nothing follows: target tracking never leaves zero. */
const tracked =
  ({ targetValue }: Tracking, value: number) =>
  (from: number): number =>
    Math.ceil((from * value) / targetValue - DUST);
