import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { kpiPolicies } from '../../core/charter';
import { endpointNameOf } from '../../core/release/names';
import { TechnicalAlarms } from '../alarms/technical-alarms';
import type { BatchTransform } from '../batch/batch-transform';
import { createBatch } from '../batch/for-use-case';
import type { CostMeter } from '../cost/cost-meter';
import { createCostMeter } from '../cost/for-use-case';
import type { EndpointCapacity } from '../capacity/endpoint-capacity';
import { createCapacity, showCapacity } from '../capacity/for-use-case';
import { UseCaseDashboard } from '../dashboard/use-case-dashboard';
import type { DriftMonitor } from '../drift/drift-monitor';
import { createDrift, showDrift } from '../drift/for-use-case';
import { EvidenceSeal } from '../evidence/evidence-seal';
import { EvidenceStore } from '../evidence/evidence-store';
import { ModelCard } from '../evidence/model-card';
import type { GateRunner } from '../gates/gate-runner';
import { InferenceGateway } from '../gateway/inference-gateway';
import { EndpointWatch } from '../incident/endpoint-watch';
import { Ledger } from '../ledger/ledger';
import type { ChatWebhook } from '../notifications/chat-webhook';
import { OwnerNotifications } from '../notifications/owner-notifications';
import type { KpiPolicy } from '../observation/kpi-policy';
import { ObservationIntake } from '../observation/observation-intake';
import type { ReleaseWorkflow } from '../release/release-workflow';
import { createRetraining } from '../retraining/for-use-case';
import type { RetrainingWorkflow } from '../retraining/retraining-workflow';
import { RollbackController } from '../rollback/rollback-controller';
import { HoldoutReview } from '../verdict/holdout-review';
import { VerdictClock } from '../verdict/verdict-clock';
import type { AiUseCaseProps, FromCharterOptions } from './ai-use-case-props';
import { applyPlatform } from './apply-platform';
import { cardFacts } from './card-facts';
import { checkLatencyKpis } from './check-latency';
import { createRelease } from './create-release';
import { useCaseFromCharter, useCaseFromDocument } from './from-charter';
import { useCaseFromProps } from './from-props';
import { createKeyring } from './keyring';
import { killCriteriaOf } from './kill-criteria';
import { createOutputs, outputsOf } from './outputs';
import { createChat, createGates, keyOf } from './parts-of';
import { propsFor, resolvedBefore } from './resolved-use-case';
import { tellOfFullDisks, tellOfHelpers } from './tell-of';

/**
 * An AI model as a governed use case: a gateway with a baseline, exactly-once KPIs, a release workflow with approvals and a canary judged
 * by KPIs, rollback and kill switch, evidence, alarms and a dashboard.
 *
 * @example
 * new AiUseCase(this, 'SupportTriage', {
 *   name: 'support-triage',
 *   purpose: {
 *     problem: 'Agents lose time to spam.',
 *     users: 'support agents',
 *     hypothesis: 'Spam that reaches an agent falls from 8 % to 3 %.',
 *     reviewBy: '2027-03-31',
 *     risk: RiskClass.LIMITED,
 *     data: { sources: ['support mailbox'], personal: true },
 *   },
 *   owners: { process: { principals: ['arn:aws:iam::111122223333:role/SupportLead'] } },
 *   kpis: [
 *     { name: 'missed-spam', better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GOAL, windowMinutes: 360 },
 *   ],
 *   baseline: Baseline.fixedAnswer({ label: 'ham' }),
 *   model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7'),
 *   serving: { instanceType: 'ml.g5.xlarge', maxInstances: 4 },
 * });
 */
export class AiUseCase extends Construct {
  /**
   * A use case from its charter.
   *
   * @param scope where the use case belongs
   * @param id unique within the scope
   * @param charterPath a `usecase.yaml`, or the folder that holds it
   * @param options profile, and what a platform team decides
   * @throws one error that lists everything in the charter that must change
   */
  static fromCharter(scope: Construct, id: string, charterPath: string, options: FromCharterOptions = {}): AiUseCase {
    // eslint-disable-next-line awscdk/require-passing-this -- a static factory has no `this` to pass
    return new AiUseCase(scope, id, propsFor(useCaseFromCharter(charterPath, options)));
  }

  /** @internal The charter as a plain object, with changes laid over it: what a rehearsal deploys. */
  static _fromDocument(scope: Construct, id: string, charterPath: string, document: unknown, options: FromCharterOptions): AiUseCase {
    // eslint-disable-next-line awscdk/require-passing-this -- a static factory has no `this` to pass
    return new AiUseCase(scope, id, propsFor(useCaseFromDocument(charterPath, document, options)));
  }

  /** Name of the use case. */
  readonly useCaseName: string;

  /** The memory of the use case. */
  readonly ledger: Ledger;

  /** What counts decisions and KPI events. */
  readonly intake: ObservationIntake;

  /** The door for callers. */
  readonly gateway: InferenceGateway;

  /** What measures candidates in the dark; only where the charter names gates. */
  readonly gates?: GateRunner;

  /** What carries releases to production. */
  readonly release: ReleaseWorkflow;

  /** What judges canaries. */
  readonly verdict: VerdictClock;

  /** What compares the stable release with the units that stay with the baseline for good. */
  readonly holdout: HoldoutReview;

  /** What rolls back and kills. */
  readonly rollback: RollbackController;

  /** What scales the endpoint and switches it off and on; only where the charter leaves something to do. */
  readonly capacity?: EndpointCapacity;

  /** What scores files at fixed times; undefined where the charter asks for none. */
  readonly batch?: BatchTransform;

  /** What looks for drift of requests and answers; undefined where the charter asks for none, or nothing is captured. */
  readonly drift?: DriftMonitor;

  /** What makes new models; undefined where the charter asks for none, or nothing is captured. */
  readonly retraining?: RetrainingWorkflow;

  /** What looks for drift of the endpoint, and for what was left undone. */
  readonly watch: EndpointWatch;

  /** What meters costs, and does what the budget says. */
  readonly cost: CostMeter;

  /** Where evidence is kept. */
  readonly evidence: EvidenceStore;

  /** What signs evidence. */
  readonly seal: EvidenceSeal;

  /** SageMaker's record of the release that answers. */
  readonly modelCard: ModelCard;

  /** What needs no statistics. */
  readonly alarms: TechnicalAlarms;

  /** What owners look at. */
  readonly dashboard: UseCaseDashboard;

  /** Where owners are told. */
  readonly notifications: OwnerNotifications;

  /** The chat in which owners are told as well, where the charter names its webhook. */
  readonly chat?: ChatWebhook;

  /** The keys of decision ids: `{"current":"k1","k1":"…"}`. */
  readonly keyring: secretsmanager.ISecret;

  /**
   * @param scope where the use case belongs
   * @param id unique within the scope
   * @param props the charter in code
   * @throws one error that lists everything in the props that must change
   */
  constructor(scope: Construct, id: string, props: AiUseCaseProps) {
    super(scope, id);
    const resolved = resolvedBefore(props) ?? useCaseFromProps(props, this.node.path);
    const { charter, platform } = resolved;
    const encryptionKey = keyOf(this, resolved);
    const kpis = kpiPolicies(charter) as KpiPolicy[];
    const owners = Object.fromEntries(Object.entries(charter.owners).map(([role, owner]) => [role, owner.principals]));
    const common = { useCaseName: charter.name, encryptionKey };
    const retentionDays = charter.charter.data.retentionDays;
    const counterShards = platform.counterShards ?? 4;

    this.useCaseName = charter.name;
    this.ledger = new Ledger(this, 'Ledger', { encryptionKey, removalPolicy: platform.ledgerRemovalPolicy });
    this.evidence = new EvidenceStore(this, 'Evidence', {
      encryptionKey,
      lockDays: platform.evidenceLockDays ?? charter.charter.data.retentionDays,
      compliance: platform.evidenceCompliance,
    });
    this.seal = new EvidenceSeal(this, 'Seal', { ...common, store: this.evidence });
    this.modelCard = new ModelCard(this, 'ModelCard', { ...common, store: this.evidence, ...cardFacts(charter) });
    this.keyring = createKeyring(this, encryptionKey);
    this.intake = new ObservationIntake(this, 'Intake', {
      ...common,
      ledger: this.ledger,
      keyring: this.keyring,
      kpis,
      eventBus: platform.eventBus,
      kpiHttp: platform.kpiHttp ?? charter.platform.kpiHttp,
      kpiFiles: platform.kpiFiles ?? charter.platform.kpiFiles,
      retentionDays,
      counterShards,
    });
    this.notifications = new OwnerNotifications(this, 'Notifications', {
      ...common,
      emails: Object.fromEntries(Object.entries(charter.owners).map(([role, owner]) => [role, owner.notify])),
      eventBus: this.intake.eventBus,
    });
    this.chat = createChat(this, resolved, this.notifications, encryptionKey);
    this.gateway = new InferenceGateway(this, 'Gateway', {
      ...common,
      ledger: this.ledger,
      keyring: this.keyring,
      intake: this.intake,
      baseline: resolved.baseline,
      existingEndpoint: charter.platform.existingEndpoint,
      invokeTimeoutMillis: platform.invokeTimeoutMillis,
      streaming: charter.serving.streaming,
      asynchronous: charter.serving.mode === 'async',
    });
    checkLatencyKpis(charter, this.gateway.invokeTimeoutMillis);
    this.rollback = new RollbackController(this, 'Rollback', {
      ...common,
      ledger: this.ledger,
      owners,
      notifications: this.notifications,
    });
    this.gates = createGates(this, resolved, this.ledger, encryptionKey);
    this.release = createRelease(this, resolved, { owners, kpis, encryptionKey, counterShards });
    this.verdict = new VerdictClock(this, 'Verdict', {
      ...common,
      ledger: this.ledger,
      workflow: this.release.workflow,
      captures: this.release.captures,
      counterShards,
      retentionDays,
    });
    const killCriteria = killCriteriaOf(charter);
    this.holdout = new HoldoutReview(this, 'Holdout', {
      ...common,
      ledger: this.ledger,
      criteria: killCriteria,
      notifications: this.notifications,
      counterShards,
      retentionDays,
    });
    this.watch = new EndpointWatch(this, 'Watch', {
      ...common,
      ledger: this.ledger,
      release: this.release,
      rollback: this.rollback,
      notifications: this.notifications,
      existingEndpoint: charter.platform.existingEndpoint,
    });
    this.alarms = new TechnicalAlarms(this, 'Alarms', {
      gateway: this.gateway,
      intake: this.intake,
      rollback: this.rollback,
      verdict: this.verdict,
      release: this.release,
      holdout: this.holdout,
      watch: this.watch,
      kpis,
      notifications: this.notifications,
      thresholds: platform.thresholds,
    });
    this.cost = createCostMeter(this, {
      resolved,
      encryptionKey,
      ledger: this.ledger,
      notifications: this.notifications,
      rollback: this.rollback,
      release: this.release,
      alarms: this.alarms,
      kpis,
      killCriteria,
    });
    this.capacity = createCapacity(this, resolved, encryptionKey);
    this.batch = createBatch(this, resolved, encryptionKey);
    this.drift = createDrift(this, resolved, encryptionKey);
    this.retraining = createRetraining(this, resolved, encryptionKey);
    tellOfHelpers(this.alarms, { chat: this.chat, seal: this.seal, modelCard: this.modelCard });
    tellOfFullDisks(this, resolved);
    this.dashboard = new UseCaseDashboard(this, 'Dashboard', {
      useCaseName: charter.name,
      hypothesis: charter.charter.hypothesis,
      endpointName: charter.platform.existingEndpoint ?? endpointNameOf(this.release.resourcePrefix),
      endpointPrefix: charter.serving.mode === 'real-time' ? undefined : this.release.resourcePrefix,
      kpis,
      gateway: this.gateway,
      intake: this.intake,
      verdict: this.verdict,
      alarms: this.alarms,
      release: this.release,
      watch: this.watch,
      cost: this.cost,
      holdout: this.holdout,
      killCriteria,
    });
    showCapacity(this.dashboard, this.capacity);
    showDrift(this.dashboard, this.drift);
    createOutputs(this, this.useCaseName, outputsOf(this));
    applyPlatform(this, resolved);
  }

  /**
   * Allows calling the gateway.
   *
   * @param grantee the caller
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.gateway.grantInvoke(grantee);
  }

  /**
   * Allows putting KPI events on the event bus.
   *
   * @param grantee the producer of KPI events
   */
  grantPutKpiEvents(grantee: iam.IGrantable): iam.Grant {
    return this.intake.grantPutKpiEvents(grantee);
  }

  /**
   * Allows calling the URLs for releases, for approvals, for rollback, kill and revive, and where there are those for drift and retraining.
   * Whoever calls must also be one of the owners.
   *
   * @param grantee an owner's principal
   */
  grantDecide(grantee: iam.IGrantable): iam.Grant {
    const further = [this.drift?.grantInvoke(grantee), this.retraining?.grantRetrain(grantee)];
    return further.reduce<iam.Grant>(
      (all, grant) => (grant === undefined ? all : all.combine(grant)),
      this.release.grantRelease(grantee).combine(this.release.grantApprove(grantee)).combine(this.rollback.grantInvoke(grantee)),
    );
  }

  /**
   * Allows verifying the evidence: reading the bucket with its versions, the signing key's public half, and the ledger.
   *
   * @param grantee an auditor
   */
  grantAudit(grantee: iam.IGrantable): iam.Grant {
    return this.evidence.grantRead(grantee).combine(this.seal.grantVerify(grantee)).combine(this.ledger.table.grantReadData(grantee));
  }
}
