export type { AlarmNow } from './alarm-now';
export { CloudWatch, createCloudWatch, type AlarmView } from './cloudwatch';
export type { LateMetrics } from './late';
export { cloudWatchResources } from './resources';
export type { MetricPoint } from './series';
