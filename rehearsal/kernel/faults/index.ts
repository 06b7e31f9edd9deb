export { DeliveryPlan } from './deliveries';
export { knownErrorCodes } from './error-codes';
export { FaultPlan } from './plan';
export { batchOperations } from './partial-batch';
export { NoAnswerError } from './strike';
export { FaultClock } from './window';
