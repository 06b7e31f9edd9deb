/** Where a feature stands, and how it is watched. */
export interface DriftFeatureOptions {
  /**
   * Where it stands in the request: a JMESPath in JSON such as `order.amount`, a column's name or number (from 0) in CSV.
   *
   * @default - `output` says where; one of the two is needed
   */
  readonly input?: string;

  /**
   * Where it stands in the answer: a JMESPath in JSON, a column's name or number (from 0) in CSV.
   *
   * @default - `input` says where; one of the two is needed
   */
  readonly output?: string;

  /**
   * Smallest distance that counts as large: √JSD in bits, 0.01 to 1.
   *
   * @default 0.1
   */
  readonly threshold?: number;

  /**
   * Smallest share of records that must have a value, 0 to 1.
   *
   * @default - the share of the baseline is compared with, none is demanded
   */
  readonly completeness?: number;
}

/** Of numbers. */
export interface NumericFeatureOptions extends DriftFeatureOptions {
  /**
   * Smallest number that is right; smaller ones are broken.
   *
   * @default - none
   */
  readonly atLeast?: number;

  /**
   * Largest number that is right; larger ones are broken.
   *
   * @default - none
   */
  readonly atMost?: number;
}

/** Of categories. */
export interface CategoricalFeatureOptions extends DriftFeatureOptions {
  /**
   * The only values that are right; others are broken.
   *
   * @default - any
   */
  readonly oneOf?: string[];
}

/** What is derived from a text; the text itself is never profiled. */
export enum TextDerivation {
  /** Characters. */
  LENGTH = 'length',
  /** Words. */
  TOKENS = 'tokens',
  /** Language that it is written in. */
  LANGUAGE = 'language',
  /** Whether a model refuses to answer. */
  REFUSAL = 'refusal',
  /** Share of words that the baseline does not know. */
  UNKNOWN_WORDS = 'unknown-words',
}

/** Of texts. */
export interface TextFeatureOptions extends DriftFeatureOptions {
  /**
   * What is derived.
   *
   * @default - length, tokens, language and unknown words; of answers also refusal
   */
  readonly derive?: TextDerivation[];
}

/**
 * One value of requests or answers that is watched.
 *
 * @example
 * const amount = DriftFeature.numeric('amount', { input: 'order.amount', atLeast: 0 });
 */
export abstract class DriftFeature {
  /**
   * A number.
   *
   * @param name 1 to 64 of a-z, A-Z, 0-9, - and _; unique
   * @param options where it stands, and what is right
   */
  static numeric(name: string, options: NumericFeatureOptions): DriftFeature {
    const { atLeast, atMost, ...rest } = options;
    const range = atLeast === undefined && atMost === undefined ? undefined : [atLeast ?? null, atMost ?? null];
    return new WrittenFeature({ name, type: 'numeric', ...rest, range });
  }

  /**
   * A category: a text or a flag of few values.
   *
   * @param name 1 to 64 of a-z, A-Z, 0-9, - and _; unique
   * @param options where it stands, and what is right
   */
  static categorical(name: string, options: CategoricalFeatureOptions): DriftFeature {
    return new WrittenFeature({ name, type: 'categorical', ...options });
  }

  /**
   * A text, of which only what is derived is profiled.
   *
   * @param name 1 to 64 of a-z, A-Z, 0-9, - and _; unique
   * @param options where it stands, and what is derived
   */
  static text(name: string, options: TextFeatureOptions): DriftFeature {
    return new WrittenFeature({ name, type: 'text', ...options });
  }

  /** @internal As the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;
}

class WrittenFeature extends DriftFeature {
  constructor(override readonly _charter: Record<string, unknown>) {
    super();
  }
}
