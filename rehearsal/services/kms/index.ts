export { createKms, Kms } from './kms';
export { kmsResources } from './resources';
