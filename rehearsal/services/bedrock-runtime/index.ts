export { BedrockRuntime, createBedrockRuntime, type Judge, type Judged } from './bedrock-runtime';
