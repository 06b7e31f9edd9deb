import { AMERICAS } from './data/americas';
import { ASIA_PACIFIC } from './data/asia-pacific';
import { EUROPE } from './data/europe';
import type { PriceBook, Provenance, RegionPrices, ServerlessPrices } from './price-book';
import { SERVERLESS } from './price-book';

/** `g5: xlarge 1.408, 2xlarge 1.515` in lines → prices by instance type. */
function instancesOf(table: string): Record<string, number> {
  const lines = table.split('\n').map((line) => line.trim());
  const prices = lines.filter((line) => line !== '').flatMap(familyPrices);
  return Object.fromEntries(prices);
}

function familyPrices(line: string): [string, number][] {
  const [family, sizes] = line.split(': ');
  return (sizes ?? '').split(', ').map((price) => {
    const [size, perHour] = price.split(' ');
    return [`ml.${family}.${size}`, Number(perHour)];
  });
}

/** Only the sizes of which a price was found stand here. */
const NORTH_VIRGINIA_SERVERLESS: ServerlessPrices = { perSecond: { '2048': 0.00004, '3072': 0.00006 } };

const SERVERLESS_SOURCE: Provenance = {
  asOf: '2026-09-01',
  source:
    '3 GB: AWS Price List, AmazonSageMaker, usage type USE1-ServerlessInf, as quoted in public in September 2026; 2 GB: a public guide of the same rate per GB',
};

const regions = Object.entries({ ...AMERICAS, ...EUROPE, ...ASIA_PACIFIC }).map(([region, table]): [string, RegionPrices] => [
  region,
  { instances: instancesOf(table), listsEverything: true },
]);

/**
 * On-demand prices of real-time hosting, without taxes, storage, data processing or discounts.
 * They are inputs of their day, not truths: lay a file of your own prices over them.
 */
export const BUILT_IN_PRICES: PriceBook = {
  currency: 'USD',
  asOf: '2026-05-20',
  source:
    'AWS Price List, AmazonSageMaker, component Hosting, as kept in github.com/flexera-public/policy_templates (data/aws/aws_sagemaker_pricing.json)',
  regions: Object.fromEntries(regions),
};

const northVirginia = BUILT_IN_PRICES.regions['us-east-1']!;
northVirginia.serverless = NORTH_VIRGINIA_SERVERLESS;
northVirginia.provenance = { [SERVERLESS]: SERVERLESS_SOURCE };
