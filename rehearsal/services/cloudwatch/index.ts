export { CloudWatch, createCloudWatch, type AlarmView } from './cloudwatch';
export { cloudWatchResources } from './resources';
export type { MetricPoint } from './series';
