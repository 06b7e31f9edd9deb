export { removeUnpackedCode } from './code';
export { createLambda, Lambda } from './lambda';
export { lambdaResources } from './resources';
export type { FunctionFault } from './faults';
export type { LambdaFunction } from './function';
export type { UrlRequest } from './function-url';
