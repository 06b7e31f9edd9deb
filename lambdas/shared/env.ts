/** Reads the environment of a handler; what is missing or malformed is named. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`Environment variable ${name} is missing: the construct that deploys this handler sets it`);
  }
  return value;
}

export function optional(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

export function requiredNumber(name: string): number {
  const text = required(name);
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new Error(`Environment variable ${name} must be a number above 0, got '${text}'`);
  }
  return value;
}

export function requiredJson<T>(name: string): T {
  return json<T>(name, required(name));
}

export function optionalJson<T>(name: string): T | undefined {
  const text = optional(name);
  return text === undefined ? undefined : json<T>(name, text);
}

function json<T>(name: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(`Environment variable ${name} must be JSON, got '${text.slice(0, 80)}'`, { cause: error });
  }
}
