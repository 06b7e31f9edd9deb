import { createHash, randomUUID } from 'node:crypto';
import { type Assignment, assign, BASELINE_RELEASE, NO_RELEASE } from '../../core/assignment';
import type { DecisionObserved } from '../../core/contracts';
import { type Keyring, makeDecisionId, unitKeyOf } from '../../core/decision-id';
import { afterAttempt, type Circuit, CLOSED_CIRCUIT, isOpen } from '../../core/gateway/circuit';
import { endpointOf } from '../../core/release/own-endpoint';
import { answering, type HttpAnswer, type HttpEvent } from '../shared/http';
import { modelAnswer, unanswered, withoutLineage } from './answer';
import { askBaseline, type Baseline } from './baseline';
import { type ControlCache, type ControlView, isFresh } from './control-cache';
import type { Invocation, ModelAnswer } from './model';
import { type DirectEvent, type InferenceRequest, readRequest } from './request';

export interface GatewayParts {
  useCase: string;
  control: ControlCache;
  baseline: Baseline;
  now(): number;
  keyring(nowMillis: number): Promise<Keyring>;
  invoke(invocation: Invocation): Promise<ModelAnswer>;
  /** Puts a request where an asynchronous endpoint reads it; missing in every other mode. */
  store?(request: InferenceRequest): Promise<string>;
  send(decision: DecisionObserved): Promise<void>;
  warn(message: string, facts: object): void;
  measure(decision: DecisionObserved): void;
}

export interface Decided extends Assignment {
  decisionId: string;
  unitKey: string;
  view?: ControlView;
  /** Where the request is stored. */
  inputLocation?: string;
}

export interface Outcome {
  answer?: ModelAnswer;
  failed: boolean;
  fallback: boolean;
  /** Of an answer that was streamed: SHA-256 of what was handed on. */
  responseHash?: string;
  firstByteMillis?: number;
}

/** Without a control record that can be believed, the baseline answers, for no release's comparison. */
const UNCONTROLLED: Assignment = { arm: 'baseline', releaseId: NO_RELEASE, servedRelease: BASELINE_RELEASE };

export class Gateway {
  private readonly circuits = new Map<string, Circuit>();

  constructor(protected readonly parts: GatewayParts) {}

  handle(event: HttpEvent | DirectEvent): Promise<HttpAnswer> {
    return answering(async () => this.answer(readRequest(event)));
  }

  private async answer(request: InferenceRequest): Promise<HttpAnswer> {
    const startedAtMillis = this.parts.now();
    const decided = await this.decide(request, startedAtMillis);
    if (decided === undefined) return withoutLineage();
    return this.recorded(request, decided, await this.serve(request, decided), startedAtMillis);
  }

  /** An answer that is known as a whole: it is given once its decision is on record. */
  protected async recorded(request: InferenceRequest, decided: Decided, outcome: Outcome, startedAtMillis: number): Promise<HttpAnswer> {
    const { decisionId, arm } = decided;
    if (!(await this.record(request, decided, outcome, startedAtMillis))) return withoutLineage();
    return outcome.answer === undefined ? unanswered(decisionId, arm) : modelAnswer(outcome.answer, decisionId, arm);
  }

  /** Whether the queue took the decision. */
  protected async record(request: InferenceRequest, decided: Decided, outcome: Outcome, startedAtMillis: number): Promise<boolean> {
    const decision = this.observed(request, decided, outcome, startedAtMillis);
    this.parts.measure(decision);
    try {
      await this.parts.send(decision);
      return true;
    } catch (error) {
      this.parts.warn('The observation queue refused a decision', { error, decisionId: decided.decisionId });
      return false;
    }
  }

  /** Undefined when it could not be signed. */
  protected async decide(request: InferenceRequest, startedAtMillis: number): Promise<Decided | undefined> {
    const { useCase, control, now, warn } = this.parts;
    let keyring: Keyring;
    try {
      keyring = await this.parts.keyring(startedAtMillis);
    } catch (error) {
      warn('The keyring cannot be read: no decision can be signed', { error });
      return undefined;
    }
    // Before the control record is read, which is believed for two seconds only.
    const inputLocation = await this.stored(request);
    const nonce = randomUUID();
    const unitKey = unitKeyOf(keyring, useCase, request.unit ?? nonce);
    const view = await control.current((error) => warn('The control record cannot be read: the baseline answers', { error }));
    const assignment = view === undefined ? UNCONTROLLED : assign(view.control, useCase, unitKey);
    const { arm, releaseId } = assignment;
    const decisionId = makeDecisionId({ keyring, arm, releaseId, exposureMillis: now(), unitKey, nonce });
    return { ...assignment, decisionId, unitKey, view, ...(inputLocation === undefined ? {} : { inputLocation }) };
  }

  private async stored(request: InferenceRequest): Promise<string | undefined> {
    try {
      return await this.parts.store?.(request);
    } catch (error) {
      this.parts.warn('A request could not be stored for the asynchronous endpoint', { error: nameOf(error) });
      return undefined;
    }
  }

  private async serve(request: InferenceRequest, decided: Decided): Promise<Outcome> {
    const answer = await this.asked(request, decided, this.parts.invoke);
    if (answer === undefined) return this.fromBaseline(request, decided);
    this.noteSuccess(decided);
    return { answer, failed: false, fallback: false };
  }

  /** What the arm's model answers; undefined where it has none, or it does not answer. */
  protected async asked<Answer>(
    request: InferenceRequest,
    decided: Decided,
    ask: (invocation: Invocation) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const { deployed, view, decisionId, inputLocation } = decided;
    if (deployed === undefined || view === undefined) return undefined;
    const endpointName = endpointOf(deployed, view.control);
    if (endpointName === undefined) {
      this.parts.warn('The control record names no endpoint: the baseline answers', { decisionId });
      return undefined;
    }
    const { variantName, componentName, mode } = deployed;
    const { now } = this.parts;
    const circuit = this.circuits.get(circuitOf(decided)) ?? CLOSED_CIRCUIT;
    // Nothing is awaited between this look at the clock and the invocation.
    if (isOpen(circuit, now()) || !isFresh(view, now())) return undefined;
    try {
      return await ask({ endpointName, variantName, componentName, mode, decisionId, request, inputLocation });
    } catch (error) {
      this.noteFailure(decided, 'The model did not answer', error);
      return undefined;
    }
  }

  protected noteSuccess(decided: Decided): void {
    this.circuits.set(circuitOf(decided), CLOSED_CIRCUIT);
  }

  protected noteFailure(decided: Decided, message: string, error: unknown): void {
    const name = circuitOf(decided);
    this.circuits.set(name, afterAttempt(this.circuits.get(name) ?? CLOSED_CIRCUIT, false, this.parts.now()));
    this.parts.warn(message, { error: nameOf(error), decisionId: decided.decisionId, variant: decided.deployed?.variantName });
  }

  protected async fromBaseline(request: InferenceRequest, decided: Decided): Promise<Outcome> {
    const fallback = decided.arm !== 'baseline';
    // A model was meant to answer, and did not.
    const modelFailed = decided.deployed !== undefined && decided.view !== undefined;
    try {
      return { answer: await askBaseline(this.parts.baseline, request), failed: modelFailed, fallback };
    } catch (error) {
      this.parts.warn('The baseline did not answer', { error: nameOf(error), decisionId: decided.decisionId });
      return { failed: true, fallback };
    }
  }

  private observed(request: InferenceRequest, decided: Decided, outcome: Outcome, startedAtMillis: number): DecisionObserved {
    const nowMillis = this.parts.now();
    return {
      kind: 'decision',
      decisionId: decided.decisionId,
      useCase: this.parts.useCase,
      releaseId: decided.releaseId,
      arm: decided.arm,
      servedRelease: decided.servedRelease,
      fallback: outcome.fallback,
      failed: outcome.failed,
      unitKey: decided.unitKey,
      decidedAt: new Date(startedAtMillis).toISOString(),
      latencyMillis: nowMillis - startedAtMillis,
      ...(outcome.firstByteMillis === undefined ? {} : { firstByteMillis: outcome.firstByteMillis }),
      controlVersion: decided.view?.control.version ?? 0,
      requestHash: sha256(request.body),
      responseHash: outcome.responseHash ?? sha256(outcome.answer?.body ?? new Uint8Array()),
    };
  }
}

/** One circuit per variant of a release: a new release starts with a closed one. */
const circuitOf = ({ servedRelease, deployed }: Decided): string => `${servedRelease}|${deployed?.variantName ?? ''}`;

/** Messages of models and baselines may quote what was asked: only the name is logged. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
