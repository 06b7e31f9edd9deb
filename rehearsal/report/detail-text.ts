export type Detail = Record<string, unknown>;

export const text = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));

export const because = (detail: Detail): string => (text(detail.reason) === '' ? '' : `: ${text(detail.reason)}`);

/** The last part of an ARN or of a path. */
export const lastPart = (value: unknown): string => text(value).split(/[/:]/).at(-1)!;

/** Error code and message, as far as they are known. */
export const failure = ({ error, message }: Detail): string => [error, message].map(text).filter(Boolean).join(': ');
