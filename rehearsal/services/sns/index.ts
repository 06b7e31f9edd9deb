export { createSns, Sns } from './sns';
export { snsResources } from './resources';
