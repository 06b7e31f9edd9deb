/**
 * What must not stand in a message to people or tools, whatever somebody wrote as a reason or an error says: credentials, signed links,
 * and who a person is. The ledger and the evidence keep who decided.
 */
const RULES: [pattern: RegExp, instead: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '(key)'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '(key)'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '(token)'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 (token)'],
  [
    /\b((?:task|access|session|security|auth|api)?[ _-]?(?:token|secret|password|passwd|key))(["']?\s*[:=]\s*["']?)[^\s"',;)]{6,}/gi,
    '$1$2(secret)',
  ],
  // A query that signs, and paths that are secrets themselves.
  [/(https?:\/\/[^\s"'?]+)\?[^\s"']*(?:signature|token|credential|sig)=[^\s"']*/gi, '$1?(signed)'],
  [/(https:\/\/(?:hooks\.|[\w.-]*webhook)[^\s"'/]*)\/[^\s"')]+/gi, '$1/(secret)'],
  // Step Functions' task tokens, and what else is as long and as random.
  [/(?<![\w/+=-])[A-Za-z0-9+/=_-]{180,}(?![\w/+=-])/g, '(token)'],
  // A session's name is chosen by its caller or is a person's; so is a user's.
  [/(arn:[\w-]+:)sts(::\d{12}:)assumed-role(\/[\w+=,.@-]+)\/[\w+=,.@-]+/g, '$1iam$2role$3'],
  [/(arn:[\w-]+:(?:iam|sts)::\d{12}:(?:user|federated-user)\/)[\w+=,.@/-]+/g, '$1…'],
  [/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu, '(address)'],
];

/** The same value with every text in it, and every key, without secrets and personal data. */
export function discreet<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return RULES.reduce((text, [pattern, instead]) => text.replace(pattern, instead), value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleaned(key), SECRET_KEY.test(key) && item !== undefined ? '(secret)' : cleaned(item)]),
  );
}

const SECRET_KEY = /^(taskToken|token|secret|password|authorization|apiKey|accessKey|secretAccessKey|sessionToken)$/i;
