/** dynalite's expression parsers: plain PEG.js output without any dependency, so bundles carry nothing else of dynalite. */
interface DynaliteParserOptions {
  context: {
    attrNames?: Record<string, string>;
    attrVals?: Record<string, unknown>;
    unusedAttrNames: Record<string, true>;
    unusedAttrVals: Record<string, true>;
    isReserved(name: string): boolean;
    compare(comparison: string, left: unknown, right: unknown): boolean;
  };
}

/** Each parser answers a tree, or a message about an expression that parses and makes no sense. */
declare module 'dynalite/db/conditionParser.js' {
  export function parse(text: string, options: DynaliteParserOptions): unknown;
}
declare module 'dynalite/db/updateParser.js' {
  export function parse(text: string, options: DynaliteParserOptions): unknown;
}
declare module 'dynalite/db/projectionParser.js' {
  export function parse(text: string, options: DynaliteParserOptions): unknown;
}
