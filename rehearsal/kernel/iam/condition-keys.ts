import { UnsupportedError } from '../../cloud/types';

/** Global keys that the laptop cloud sets, or knows to be absent for the roles of functions and workflows. In lower case. */
const globalKeys = new Set([
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:currenttime',
  'aws:epochtime',
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceidentity',
  'aws:sourceowner',
  'aws:tagkeys',
  'aws:username',
  'aws:viaawsservice',
]);

/** Keys of services that their requests carry here. */
const serviceKeys = new Set([
  'application-autoscaling:scalable-dimension',
  'application-autoscaling:service-namespace',
  'cloudwatch:namespace',
  'dynamodb:leadingkeys',
  'events:detail-type',
  'events:source',
  'iam:awsservicename',
  'iam:passedtoservice',
  'kms:calleraccount',
  'kms:grantisforawsresource',
  'kms:messagetype',
  'kms:resourcealiases',
  'kms:signingalgorithm',
  'kms:viaservice',
  'lambda:functionurlauthtype',
  'lambda:invokedviafunctionurl',
  's3:delimiter',
  's3:prefix',
  's3:resourceaccount',
  's3:tlsversion',
]);

const families = /^(aws:(request|resource|principal)tag\/|sagemaker:resourcetag\/|kms:encryptioncontext:)./;

/** Services whose requests are judged here: of the others' keys nothing ever depends. */
const simulated = new Set([
  'application-autoscaling',
  'aws',
  'bedrock',
  'cloudwatch',
  'dynamodb',
  'events',
  'iam',
  'kms',
  'lambda',
  'logs',
  's3',
  'sagemaker',
  'scheduler',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'states',
  'sts',
]);

/** Refuses a key that AWS would know and the laptop cloud does not: a condition on it would be judged by chance. */
export function checkConditionKey(key: string, where: string): void {
  const name = key.toLowerCase();
  if (globalKeys.has(name) || serviceKeys.has(name) || families.test(name)) return;
  const service = name.slice(0, Math.max(0, name.indexOf(':')));
  if (!simulated.has(service)) return;
  const known = [...globalKeys, ...serviceKeys].filter((one) => one.startsWith(`${service}:`));
  throw new UnsupportedError(
    `${where}: the condition key "${key}" cannot be known in a rehearsal. Known of ${service}: ${known.length === 0 ? 'none' : known.join(', ')}${service === 'aws' ? ', aws:RequestTag/…, aws:ResourceTag/…, aws:PrincipalTag/…' : ''}.`,
  );
}
