export { BUILT_IN_PRICES } from './built-in';
export { withPriceFile, withPrices } from './overrides';
export type { InstancePrice, PriceBook, Provenance, RegionPrices, ServerlessPrice, ServerlessPrices } from './price-book';
export { instancePrice, offeredIn, priceExtract, regionsWith, serverlessPrice } from './price-book';
