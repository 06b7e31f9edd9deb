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
  send(decision: DecisionObserved): Promise<void>;
  warn(message: string, facts: object): void;
  measure(decision: DecisionObserved): void;
}

interface Decided extends Assignment {
  decisionId: string;
  unitKey: string;
  view?: ControlView;
}

interface Outcome {
  answer?: ModelAnswer;
  failed: boolean;
  fallback: boolean;
}

/** Without a control record that can be believed, the baseline answers, for no release's comparison. */
const UNCONTROLLED: Assignment = { arm: 'baseline', releaseId: NO_RELEASE, servedRelease: BASELINE_RELEASE };

export class Gateway {
  /** One circuit per variant of a release: a new release starts with a closed one. */
  private readonly circuits = new Map<string, Circuit>();

  constructor(private readonly parts: GatewayParts) {}

  handle(event: HttpEvent | DirectEvent): Promise<HttpAnswer> {
    return answering(async () => this.answer(readRequest(event)));
  }

  private async answer(request: InferenceRequest): Promise<HttpAnswer> {
    const startedAtMillis = this.parts.now();
    let keyring: Keyring;
    try {
      keyring = await this.parts.keyring(startedAtMillis);
    } catch (error) {
      this.parts.warn('The keyring cannot be read: no decision can be signed', { error });
      return withoutLineage();
    }
    const decided = await this.decide(request, keyring);
    const outcome = await this.serve(request, decided);
    const decision = this.observed(request, decided, outcome, startedAtMillis);
    this.parts.measure(decision);
    try {
      await this.parts.send(decision);
    } catch (error) {
      this.parts.warn('The observation queue refused a decision', { error, decisionId: decided.decisionId });
      return withoutLineage();
    }
    const { decisionId, arm } = decided;
    return outcome.answer === undefined ? unanswered(decisionId, arm) : modelAnswer(outcome.answer, decisionId, arm);
  }

  private async decide(request: InferenceRequest, keyring: Keyring): Promise<Decided> {
    const { useCase, control, now, warn } = this.parts;
    const nonce = randomUUID();
    const unitKey = unitKeyOf(keyring, useCase, request.unit ?? nonce);
    const view = await control.current((error) => warn('The control record cannot be read: the baseline answers', { error }));
    const assignment = view === undefined ? UNCONTROLLED : assign(view.control, useCase, unitKey);
    const { arm, releaseId } = assignment;
    const decisionId = makeDecisionId({ keyring, arm, releaseId, exposureMillis: now(), unitKey, nonce });
    return { ...assignment, decisionId, unitKey, view };
  }

  private async serve(request: InferenceRequest, decided: Decided): Promise<Outcome> {
    const { deployed, view } = decided;
    if (deployed === undefined || view === undefined) {
      return this.fromBaseline(request, decided, false);
    }
    const endpointName = endpointOf(deployed, view.control);
    if (endpointName === undefined) {
      this.parts.warn('The control record names no endpoint: the baseline answers', { decisionId: decided.decisionId });
      return this.fromBaseline(request, decided, true);
    }
    const { variantName, componentName, mode } = deployed;
    const answer = await this.fromModel(
      view,
      { endpointName, variantName, componentName, mode, decisionId: decided.decisionId, request },
      decided.servedRelease,
    );
    return answer === undefined ? this.fromBaseline(request, decided, true) : { answer, failed: false, fallback: false };
  }

  private async fromModel(view: ControlView, invocation: Invocation, releaseId: string): Promise<ModelAnswer | undefined> {
    const { now, warn, invoke } = this.parts;
    const name = `${releaseId}|${invocation.variantName}`;
    const circuit = this.circuits.get(name) ?? CLOSED_CIRCUIT;
    // Nothing is awaited between this look at the clock and the invocation.
    if (isOpen(circuit, now()) || !isFresh(view, now())) {
      return undefined;
    }
    try {
      const answer = await invoke(invocation);
      this.circuits.set(name, CLOSED_CIRCUIT);
      return answer;
    } catch (error) {
      this.circuits.set(name, afterAttempt(this.circuits.get(name) ?? CLOSED_CIRCUIT, false, now()));
      warn('The model did not answer', { error: nameOf(error), decisionId: invocation.decisionId, variant: invocation.variantName });
      return undefined;
    }
  }

  private async fromBaseline(request: InferenceRequest, decided: Decided, modelFailed: boolean): Promise<Outcome> {
    const fallback = decided.arm !== 'baseline';
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
      controlVersion: decided.view?.control.version ?? 0,
      requestHash: sha256(request.body),
      responseHash: sha256(outcome.answer?.body ?? new Uint8Array()),
    };
  }
}

/** Messages of models and baselines may quote what was asked: only the name is logged. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
