import { UnsupportedError } from '../../cloud/types';
import { evaluatePath, PathNotFoundError } from '../sfn/jsonpath/path-evaluate';
import { parsePath, PathSyntaxError } from '../sfn/jsonpath/path';
import type { Json } from '../sfn/definition';

/** Parameters of the request by where they stand. */
export interface RequestParameters {
  path: Record<string, string>;
  querystring: Record<string, string>;
  header: Record<string, string>;
}

const searched = ['path', 'querystring', 'header'] as const;

/** `$input` of a mapping template: the body, whole or by JSONPath, and the request's parameters. */
export class TemplateInput {
  private read: { json: Json } | undefined;

  constructor(
    readonly body: string,
    private readonly parameters: RequestParameters,
  ) {}

  call(name: string, [first]: unknown[]): unknown {
    if (name === 'params') return first === undefined ? this.parameters : this.parameter(String(first));
    const found = this.at(String(first));
    if (name === 'path') return found ?? undefined;
    return found === undefined ? '' : JSON.stringify(found);
  }

  /** What a path of the body names; undefined: nothing. */
  at(path: string): unknown {
    try {
      return evaluatePath(parsePath(path), this.json());
    } catch (error) {
      if (error instanceof PathNotFoundError) return undefined;
      if (error instanceof PathSyntaxError) throw new UnsupportedError(`A path of a mapping template or parameter: ${error.message}.`);
      throw error;
    }
  }

  /** A body that is no JSON is a text. */
  private json(): Json {
    if (this.read !== undefined) return this.read.json;
    try {
      this.read = { json: JSON.parse(this.body === '' ? '{}' : this.body) as Json };
    } catch {
      this.read = { json: this.body };
    }
    return this.read.json;
  }

  private parameter(name: string): string {
    for (const place of searched) {
      const value = this.parameters[place][name];
      if (value !== undefined) return value;
    }
    return '';
  }
}

export const inputMembers = ['body', 'json', 'params', 'path'];

const hexadecimal = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

const escapes: Record<string, string> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  "'": "\\'",
  '/': '\\/',
  '\\': '\\\\',
};

/** As Apache Commons' `escapeJavaScript` writes it. */
const escapeJavaScript = (given: unknown): string =>
  // eslint-disable-next-line no-control-regex
  String(given ?? '').replace(/[\x00-\x1f"'/\\\x7f-\uffff]/g, (sign) => escapes[sign] ?? hexadecimal(sign));

/** `$util` of a mapping template. */
export const utilities: Record<string, (given: unknown) => unknown> = {
  base64Decode: (given) => Buffer.from(String(given ?? ''), 'base64').toString(),
  base64Encode: (given) => Buffer.from(String(given ?? '')).toString('base64'),
  escapeJavaScript,
  parseJson: (given) => JSON.parse(String(given)) as unknown,
  urlDecode: (given) => decodeURIComponent(String(given ?? '').replaceAll('+', ' ')),
  urlEncode: (given) => new URLSearchParams([['', String(given ?? '')]]).toString().slice(1),
};
