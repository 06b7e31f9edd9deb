export { type AgreementRule, checkField } from './agreement';
export { type CapturedAnswer, captureFolders, readCaptures } from './captures';
export { judgeShadow, type ShadowVerdict, type VariantHealth } from './judge';
export { type PairCounts, Pairing, type Side } from './pairing';
