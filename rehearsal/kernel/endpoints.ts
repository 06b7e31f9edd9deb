/** First labels of the hosts at which AWS offers its services. */
const servicesByHostPrefix: Record<string, string> = {
  'application-autoscaling': 'application-auto-scaling',
  'bedrock-runtime': 'bedrock-runtime',
  monitoring: 'cloudwatch',
  logs: 'cloudwatch-logs',
  dynamodb: 'dynamodb',
  events: 'eventbridge',
  kms: 'kms',
  lambda: 'lambda',
  s3: 's3',
  'api.sagemaker': 'sagemaker',
  'runtime.sagemaker': 'sagemaker-runtime',
  scheduler: 'scheduler',
  secretsmanager: 'secrets-manager',
  states: 'sfn',
  'sync-states': 'sfn',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  sts: 'sts',
};

export interface ServiceHost {
  service: string;
  /** Absent for the few services that have one host for all regions. */
  region?: string;
}

const known = new Map<string, ServiceHost | undefined>();

/** The service that AWS offers at this host; undefined for any other host. */
export function serviceAtHost(host: string): ServiceHost | undefined {
  if (!known.has(host)) known.set(host, readHost(host));
  return known.get(host);
}

function readHost(host: string): ServiceHost | undefined {
  const match = /^(.+?)(?:\.amazonaws\.com(?:\.cn)?)$/.exec(host);
  if (match === null) return undefined;
  const labels = match[1]!.split('.');
  const last = labels[labels.length - 1]!;
  const isRegion = /^[a-z]{2}(-[a-z]+)+-\d+$/.test(last);
  const prefix = (isRegion ? labels.slice(0, -1) : labels).join('.');
  const region = isRegion ? { region: last } : {};
  if (prefix.endsWith('.s3')) return { service: 's3', ...region };
  if (/^\d{12}\.ddb$/.test(prefix)) return { service: 'dynamodb', ...region };
  const service = servicesByHostPrefix[prefix];
  return service === undefined ? undefined : { service, ...region };
}
