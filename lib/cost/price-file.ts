import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BUILT_IN_PRICES, type PriceBook, withPriceFile } from '../../core/prices';

export interface GivenPrices {
  /** Prices as the handler knows them. */
  readonly book: PriceBook;
  /** What the handler's environment holds, where a file was given. */
  readonly environment: Record<string, string>;
}

const LARGEST_BYTES = 2500;

/** The built-in prices with a file laid over them: of the stack's region alone, where that is known. */
export function pricesOf(scope: Construct, file: { path: string; text: string } | undefined): GivenPrices {
  if (file === undefined) return { book: BUILT_IN_PRICES, environment: {} };
  const book = withPriceFile(BUILT_IN_PRICES, file.text, file.path);
  const given = JSON.parse(file.text) as { regions: Record<string, unknown> };
  const { region } = Stack.of(scope);
  const regions = Token.isUnresolved(region) ? given.regions : { ...(region in given.regions ? { [region]: given.regions[region] } : {}) };
  const written = JSON.stringify({ ...given, regions });
  if (Buffer.byteLength(written) > LARGEST_BYTES) {
    throw new Error(
      `The prices in ${file.path} take ${Buffer.byteLength(written)} bytes of a handler's environment, which holds ${LARGEST_BYTES}: ` +
        'keep the instance types that the use case runs on, or give the stack a region, so that those of other regions are left out.',
    );
  }
  return { book, environment: { PRICES: written } };
}
