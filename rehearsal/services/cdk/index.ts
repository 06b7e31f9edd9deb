export { bucketDeploymentType } from './bucket-deployment';
