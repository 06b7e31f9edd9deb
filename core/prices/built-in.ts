import type { PriceBook, Provenance } from './price-book';

/** An invoice of the named month, line items "per Hosting … hour in EU (Ireland)". */
const IRELAND_INVOICE: Provenance = {
  asOf: '2023-12-31',
  source: 'invoice of December 2023 in github.com/aws-samples/sagemaker-ssh-helper, Sample_Costs.md',
};

const OHIO_PRICE_LIST: Provenance = { asOf: '2026-01-01', source: 'AWS Price List API, as quoted in public in 2026' };

/**
 * On-demand prices of SageMaker hosting, without taxes, storage, data processing or discounts.
 * They are inputs of their day, not truths: lay a file of your own prices over them.
 */
export const BUILT_IN_PRICES: PriceBook = {
  currency: 'USD',
  asOf: '2025-01-26',
  source: 'github.com/aws-samples/foundation-model-benchmarking-tool, fmbench/configs/pricing.yml (us-east-1)',
  regions: {
    'us-east-1': {
      instances: {
        'ml.c5.xlarge': 0.204,
        'ml.c5.2xlarge': 0.408,
        'ml.c5.4xlarge': 0.816,
        'ml.c7i.xlarge': 0.214,
        'ml.m5.xlarge': 0.23,
        'ml.g4dn.xlarge': 0.7364,
        'ml.g4dn.2xlarge': 0.94,
        'ml.g4dn.4xlarge': 1.505,
        'ml.g4dn.8xlarge': 2.72,
        'ml.g4dn.12xlarge': 4.89,
        'ml.g4dn.16xlarge': 5.44,
        'ml.g5.xlarge': 1.4084,
        'ml.g5.2xlarge': 1.515,
        'ml.g5.4xlarge': 2.03,
        'ml.g5.8xlarge': 3.06,
        'ml.g5.12xlarge': 7.09,
        'ml.g5.24xlarge': 10.18,
        'ml.g5.48xlarge': 20.36,
        'ml.g6.2xlarge': 1.222,
        'ml.g6.12xlarge': 5.752,
        'ml.g6.16xlarge': 4.246,
        'ml.g6.24xlarge': 8.344,
        'ml.g6.48xlarge': 16.688,
        'ml.inf2.xlarge': 0.99,
        'ml.inf2.8xlarge': 2.36,
        'ml.inf2.24xlarge': 7.79,
        'ml.inf2.48xlarge': 15.58,
        'ml.p3.2xlarge': 3.825,
        'ml.p4d.24xlarge': 37.688,
        'ml.p5.48xlarge': 113.068,
        'ml.trn1.32xlarge': 28.497,
      },
    },
    'us-east-2': {
      instances: { 'ml.g6.xlarge': 1.1267 },
      provenance: { 'ml.g6.xlarge': OHIO_PRICE_LIST },
    },
    'eu-west-1': {
      instances: {
        'ml.m5.xlarge': 0.257,
        'ml.g4dn.xlarge': 0.821,
        'ml.g4dn.4xlarge': 1.678,
        'ml.g4dn.12xlarge': 5.453,
        'ml.g5.12xlarge': 7.91,
      },
      provenance: {
        'ml.m5.xlarge': IRELAND_INVOICE,
        'ml.g4dn.xlarge': IRELAND_INVOICE,
        'ml.g4dn.4xlarge': IRELAND_INVOICE,
        'ml.g4dn.12xlarge': IRELAND_INVOICE,
        'ml.g5.12xlarge': IRELAND_INVOICE,
      },
    },
  },
};
