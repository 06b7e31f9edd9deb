import type { KpiObserved } from '../../core/contracts';
import type { Cloud, Random } from '../cloud/types';
import type { SentKpiEvent } from './history';
import { attributionFields, type Attributed, type Observation } from './kpi-event';
import type { GarbageKind, KpiEvents } from './kpi-events-schema';
import { garbageText } from './kpi-garbage';
import type { KpiHabits } from './kpi-habits';
import type { KpiRoute } from './kpi-routes';
import type { Outcome } from './user-modules';

const MINUTE_MILLIS = 60_000;

type Moments = Pick<SentKpiEvent, 'atMillis' | 'observedAtMillis' | 'sentAtMillis'>;

export interface ProducerParts {
  cloud: Cloud;
  random: Random;
  route: KpiRoute;
  habits: KpiHabits;
  useCase: string;
  identify: KpiEvents['identify'];
  /** KPIs that are attributed by variant. */
  byVariant: ReadonlySet<string>;
}

/** The systems that observe what became of the use case's answers, and tell. */
export class KpiProducer {
  readonly sent: SentKpiEvent[] = [];
  private pending = 0;
  /** The last event that was sent as it should be: garbage is made of it. */
  private last: { event: KpiObserved; sent: SentKpiEvent } | undefined;

  constructor(private readonly parts: ProducerParts) {}

  /** Outcomes that are known to come but have not been observed or sent yet. */
  get waiting(): boolean {
    return this.pending > 0;
  }

  observe(outcomes: Outcome[], of: Attributed): void {
    for (const { kpi, value, truth, delayMinutes, corrections = [] } of outcomes) {
      // A system that knows variants only sees nothing of what no variant answered.
      if (this.parts.byVariant.has(kpi) && of.variant === undefined) continue;
      let atMillis = this.parts.cloud.clock.now() + Math.round(delayMinutes * MINUTE_MILLIS);
      this.schedule({ kpi, value, truth, revision: 0 }, of, atMillis);
      corrections.forEach((correction, index) => {
        atMillis += Math.round(correction.afterMinutes * MINUTE_MILLIS);
        this.schedule({ kpi, value: correction.value, truth: correction.truth ?? truth, revision: index + 1 }, of, atMillis);
      });
    }
  }

  private schedule(observation: Observation, of: Attributed, atMillis: number): void {
    this.pending += 1;
    this.parts.cloud.clock.at(atMillis, () => this.happened(observation, of, atMillis));
  }

  private happened(observation: Observation, of: Attributed, atMillis: number): void {
    const { cloud, random, habits } = this.parts;
    const eventId = random.uuid();
    const { lost, delayMillis, heldMillis, copyAfterMillis } = habits.fateAt(atMillis);
    // A delayed event is observed late, too: what counts is when the outcome became known.
    const observedAtMillis = atMillis + delayMillis;
    const sent = this.note({ ...observation, eventId, of, atMillis, observedAtMillis, sentAtMillis: observedAtMillis + heldMillis });
    if (lost) {
      Object.assign(sent, { copies: 0, fate: 'lost' });
      this.pending -= 1;
      return;
    }
    const event = this.eventOf(sent, observation, of);
    const afterMillis = delayMillis + heldMillis;
    sent.copies = copyAfterMillis === undefined ? 1 : 2;
    cloud.clock.after(afterMillis, async () => {
      await this.send(JSON.stringify(event), sent);
      this.last = { event, sent };
      if (copyAfterMillis === undefined) this.pending -= 1;
    });
    if (copyAfterMillis === undefined) return;
    cloud.clock.after(afterMillis + copyAfterMillis, async () => {
      await this.send(JSON.stringify(event), sent);
      this.pending -= 1;
    });
  }

  /** What a poisoned source sends: as good as a real event, but for one thing. */
  async sendGarbage(kind: GarbageKind, random: Random): Promise<void> {
    if (this.last === undefined) return;
    const { event, sent } = this.last;
    const nowMillis = this.parts.cloud.clock.now();
    const eventId = `garbage-${random.uuid()}`;
    const garbage: SentKpiEvent = {
      ...sent,
      eventId,
      atMillis: nowMillis,
      observedAtMillis: nowMillis,
      sentAtMillis: nowMillis,
      copies: 1,
      garbage: kind,
    };
    if (kind === 'wrong-use-case' && !this.parts.route.bringsOthers) garbage.fate = 'elsewhere';
    this.sent.push(garbage);
    this.pending += 1;
    const good = { ...event, eventId, observedAt: new Date(nowMillis).toISOString() };
    await this.send(garbageText(kind, good, this.parts.route.takesAnyText), garbage);
    this.pending -= 1;
  }

  private note({ of, value, truth: _truth, ...noted }: Observation & Moments & { eventId: string; of: Attributed }): SentKpiEvent {
    const sent = { ...of, ...noted, value: Number(value), copies: 1 };
    this.sent.push(sent);
    return sent;
  }

  private eventOf({ eventId, kpi, revision, observedAtMillis }: SentKpiEvent, { value, truth }: Observation, of: Attributed): KpiObserved {
    const { useCase, identify, byVariant } = this.parts;
    return {
      schema: 'sluice.kpi/v1',
      useCase,
      eventId,
      kpi,
      ...attributionFields(of, { byVariant: byVariant.has(kpi), identify }),
      value,
      ...(truth === undefined ? {} : { truth }),
      observedAt: new Date(observedAtMillis).toISOString(),
      ...(revision === 0 ? {} : { revision }),
    };
  }

  private async send(text: string, sent: SentKpiEvent): Promise<void> {
    const { refused } = await this.parts.route.send(text);
    if (refused === undefined) return;
    if (sent.garbage === undefined) throw new Error(`a KPI event was refused: ${refused}: ${text}`);
    sent.fate = 'refused';
  }
}
