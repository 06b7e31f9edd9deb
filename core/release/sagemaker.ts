import type { DeploymentConfig } from './guarded';

/** The SageMaker members that a release uses, named as the API names them. */
export interface Tag {
  Key: string;
  Value: string;
}

export interface VpcConfig {
  Subnets: string[];
  SecurityGroupIds: string[];
}

export interface ContainerDefinition {
  ModelPackageName?: string;
  Image?: string;
  ModelDataUrl?: string;
  ModelDataSource?: { S3DataSource: { S3Uri: string; S3DataType: 'S3Prefix'; CompressionType: 'None' } };
  Environment: Record<string, string>;
}

export interface CreateModel {
  ModelName: string;
  ExecutionRoleArn: string;
  PrimaryContainer: ContainerDefinition;
  VpcConfig?: VpcConfig;
  EnableNetworkIsolation?: true;
  Tags: Tag[];
}

export interface CreateInferenceComponent {
  InferenceComponentName: string;
  EndpointName: string;
  VariantName: string;
  Specification: object;
  RuntimeConfig: { CopyCount: number };
  Tags: Tag[];
}

/** Members beyond these are copied as they were described. */
export interface ProductionVariant {
  VariantName: string;
  ModelName?: string;
  InstanceType?: string;
  InitialInstanceCount?: number;
  InitialVariantWeight?: number;
  ServerlessConfig?: unknown;
  [member: string]: unknown;
}

/** DescribeEndpointConfig's answer, as far as it is read. */
export interface DescribedConfig {
  EndpointConfigName: string;
  ProductionVariants: ProductionVariant[];
  ShadowProductionVariants?: unknown[];
  AsyncInferenceConfig?: unknown;
  KmsKeyId?: string;
  DataCaptureConfig?: unknown;
}

export interface CreateEndpointConfig {
  EndpointConfigName: string;
  ProductionVariants: ProductionVariant[];
  KmsKeyId?: string;
  DataCaptureConfig?: unknown;
  Tags: Tag[];
}

export interface CreateEndpoint {
  EndpointName: string;
  EndpointConfigName: string;
  Tags: Tag[];
}

export interface UpdateEndpoint {
  EndpointName: string;
  EndpointConfigName: string;
  RetainAllVariantProperties: true;
  ExcludeRetainedVariantProperties: { VariantPropertyType: 'DesiredWeight' | 'DataCaptureConfig' }[];
  DeploymentConfig?: DeploymentConfig;
}
