export { CloudWatchLogs, createCloudWatchLogs } from './cloudwatch-logs';
export { cloudwatchLogsResources } from './resources';
