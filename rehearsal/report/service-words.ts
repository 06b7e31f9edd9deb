import { percentText } from './figures';
import { because, failure, lastPart, text, type Detail } from './detail-text';

type Say = (detail: Detail) => string;

const execution = ({ stateMachine, execution: name }: Detail): string => `execution ${text(name)} of ${text(stateMachine)}`;
const ended =
  (how: string): Say =>
  (detail) => {
    const why = failure({ error: detail.error, message: detail.cause });
    return `${execution(detail)} ${how}${why === '' ? '' : `: ${why}`}`;
  };

const job =
  (kind: string): Say =>
  ({ jobName, status, secondary }) =>
    `${kind} job ${text(jobName)} is ${text(status)}${secondary === undefined || secondary === status ? '' : ` (${text(secondary)})`}`;

const variant = ({ endpointName, variantName, inferenceComponent }: Detail): string =>
  inferenceComponent === undefined
    ? `variant ${text(variantName)} of endpoint ${text(endpointName)}`
    : `inference component ${text(inferenceComponent)}`;
const scaledUnits = ({ inferenceComponent }: Detail): string => (inferenceComponent === undefined ? 'instances' : 'copies');

const addressesText = ({ addresses }: Detail): string => (addresses === 1 ? 'one address' : `${text(addresses)} addresses`);
const dollarText = (amount: unknown): string => `${text(amount)} US dollars`;

const undelivered: Say = (detail) =>
  `${lastPart(detail.from)} could not deliver to ${lastPart(detail.target)} after ${text(detail.retries)} retries: ${failure(detail)}`;
const lost: Say = (detail) =>
  `what ${lastPart(detail.from)} could not deliver to ${lastPart(detail.target)} did not reach the dead letters either: ${failure(detail)}`;

/** What the services of the laptop cloud log, as a person would say it. */
export const SERVICE_SENTENCES: Record<string, Say> = {
  'alarm state-changed': (detail) => `alarm ${text(detail.alarmName)} is ${text(detail.state)}${because(detail)}`,
  'alarm action-failed': (detail) => `alarm ${text(detail.alarmName)} could not run ${text(detail.action)}: ${text(detail.error)}`,
  'alarm actions-muted': (detail) => `alarm ${text(detail.alarmName)} is ${text(detail.state)}, its actions are muted`,
  'alarm suppression-ended': (detail) => `alarm ${text(detail.alarmName)} is no longer suppressed: it is ${text(detail.state)}`,
  'apigateway failed': (detail) =>
    `API ${text(detail.api)} answers ${text(detail.method)} ${text(detail.path)} with ${text(detail.status)}: ${text(detail.reason)}`,
  'application-autoscaling scaled': (detail) =>
    `${variant(detail)} is scaled from ${text(detail.from)} to ${text(detail.to)} ${scaledUnits(detail)}: ${text(detail.cause)}`,
  'application-autoscaling not-scaled': (detail) => `${variant(detail)} could not be scaled: ${failure(detail)}`,
  'budgets exceeded': (detail) =>
    `AWS Budgets: ${detail.kind === 'FORECASTED' ? 'the forecast for' : 'what is spent of'} budget ${text(detail.budget)} is ${dollarText(detail.amount)}, above ${percentText(Number(detail.threshold ?? 0))} of it`,
  'budgets email': (detail) => `AWS Budgets mails ${addressesText(detail)} about budget ${text(detail.budget)}`,
  'budgets delivery-failed': (detail) => `AWS Budgets could not tell topic ${lastPart(detail.topic)}: ${failure(detail)}`,
  'chat message': ({ text: said }) => `the chat is told: ${text(said).split('\n', 1)[0]}`,
  'cloudwatch emf-rejected': (detail) => `metrics printed to ${text(detail.logGroup)} are rejected: ${text(detail.problem)}`,
  'cloudformation cleanup-failed': (detail) =>
    `stack ${text(detail.stack)} could not delete ${text(detail.resource)}, which it no longer needs: ${text(detail.reason)}`,
  'cloudformation without-effect': (detail) => `${text(detail.construct)} (${text(detail.type)}) has no effect on a rehearsal`,
  'eventbridge matched': (detail) => `rule ${text(detail.rule)} matches ${text(detail.detailType)} of ${text(detail.source)}`,
  'eventbridge delivery-failed': undelivered,
  'eventbridge dead-letter-failed': lost,
  'iam boundary-not-enforced': (detail) =>
    `role ${lastPart(detail.role)}: its permissions boundary ${lastPart(detail.boundary)} is not known here and not enforced`,
  'iam trust-not-known': (detail) =>
    `role ${lastPart(detail.role)} is not known here: whether ${text(detail.service)} may assume it is not checked`,
  'iam key-policy-not-known': (detail) => `key ${lastPart(detail.key)} is not known here: its policy is not checked`,
  'lambda error': (detail) =>
    `function ${text(detail.function)} fails: ${failure({ error: detail.errorType, message: detail.errorMessage })}`,
  'lambda event-dropped': (detail) => `function ${text(detail.function)} drops an event: ${text(detail.condition)}`,
  'lambda destination-failed': (detail) =>
    `function ${text(detail.function)} could not reach its destination ${lastPart(detail.target)}: ${failure(detail)}`,
  'lambda poll-failed': (detail) => `function ${text(detail.function)} could not read its queue: ${failure(detail)}`,
  'lambda delete-failed': (detail) => `function ${text(detail.function)} could not delete what it took from its queue: ${failure(detail)}`,
  'lambda logs-denied': (detail) => `function ${text(detail.function)} may not write its log: ${text(detail.message)}`,
  'rehearsal unsupported': (detail) => `the laptop cloud cannot do this: ${text(detail.message)}`,
  's3 notification-failed': (detail) => `bucket ${text(detail.bucket)} could not tell ${lastPart(detail.target)}: ${failure(detail)}`,
  'sagemaker endpoint-status': (detail) => {
    const towards = detail.pendingConfigName === undefined ? '' : ` towards ${text(detail.pendingConfigName)}`;
    const why = detail.failureReason === undefined ? '' : `: ${text(detail.failureReason)}`;
    return `endpoint ${text(detail.endpointName)} is ${text(detail.status)}${towards === '' ? `, config ${text(detail.endpointConfigName)}` : towards}${why}`;
  },
  'sagemaker endpoint-deleted': (detail) => `endpoint ${text(detail.endpointName)} is deleted`,
  'sagemaker endpoint-deployment': (detail) =>
    `deployment of ${text(detail.pendingConfigName)} on endpoint ${text(detail.endpointName)} is ${text(detail.status)}, with ${percentText(Number(detail.share))} of the traffic`,
  'sagemaker instance-launched': (detail) =>
    `endpoint ${text(detail.endpointName)} has an instance more for its inference components (${text(detail.instanceType)}): ${text(detail.instances)}`,
  'sagemaker instance-released': (detail) =>
    `endpoint ${text(detail.endpointName)} has an instance less that no inference component uses (${text(detail.instanceType)}): ${text(detail.instances)}`,
  'sagemaker inference-component-status': (detail) => {
    const why = detail.failureReason === undefined ? '' : `: ${text(detail.failureReason)}`;
    const copies = `${text(detail.copies)} of ${text(detail.desiredCopies)} copies`;
    return `inference component ${text(detail.inferenceComponentName)} is ${text(detail.status)}, ${copies}${why}`;
  },
  'sagemaker inference-component-deleted': (detail) => `inference component ${text(detail.inferenceComponentName)} is deleted`,
  'sagemaker training-job': job('training'),
  'sagemaker processing-job': job('processing'),
  'sagemaker transform-job': job('transform'),
  'sagemaker model-package': (detail) =>
    `model package ${text(detail.arn).split('model-package/').at(-1)!} is ${text(detail.approvalStatus)}`,
  'sagemaker pipeline-execution': (detail) =>
    `pipeline execution ${text(detail.arn).split(':pipeline/').at(-1)!} is ${text(detail.status)}`,
  'sagemaker capture-lost': (detail) => `${text(detail.records)} captured records of ${text(detail.folder)} are lost: ${failure(detail)}`,
  'sagemaker async-lost': (detail) =>
    `endpoint ${text(detail.endpointName)} lost the answer to asynchronous request ${text(detail.inferenceId)}: ${failure(detail)}`,
  'scheduler delivery-failed': undelivered,
  'scheduler dead-letter-failed': lost,
  'sns email': (detail) =>
    `topic ${text(detail.topic)} mails ${addressesText(detail)}${detail.subject === undefined ? '' : `: ${text(detail.subject)}`}`,
  'sns http': (detail) => `topic ${text(detail.topic)} posts to ${addressesText(detail)} on the internet`,
  'sns sms': (detail) =>
    `topic ${text(detail.topic)} sends a text message to ${detail.addresses === 1 ? 'one number' : `${text(detail.addresses)} numbers`}`,
  'sns delivery-failed': (detail) => `topic ${text(detail.topic)} could not deliver to ${lastPart(detail.endpoint)}: ${failure(detail)}`,
  'sns dead-letter-failed': (detail) =>
    `what topic ${text(detail.topic)} could not deliver to ${lastPart(detail.endpoint)} did not reach the dead letters either: ${failure(detail)}`,
  'sqs dead-letter': (detail) =>
    `queue ${text(detail.queue)} gives a message up after ${text(detail.receiveCount)} receives: it goes to ${text(detail.deadLetterQueue)}`,
  'states entered': (detail) => `${execution(detail)} enters ${text(detail.state)}`,
  'states running': (detail) => `${execution(detail)} starts`,
  'states succeeded': (detail) => `${execution(detail)} succeeds`,
  'states failed': ended('fails'),
  'states aborted': ended('is stopped'),
  'states timed-out': ended('times out'),
};
