import { UnsupportedError } from '../../cloud/types';

/** A step's request with `{Get: …}` and `{Std:Join: …}` replaced by what they stand for. */
export function resolveReferences(value: unknown, parameters: Record<string, unknown>, executionId: string): unknown {
  const resolve = (part: unknown): unknown => resolveReferences(part, parameters, executionId);
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, inner] = ['', undefined], ...others] = Object.entries(value) as [string, unknown][];
  if (others.length === 0 && key === 'Get') return referenced(String(inner), parameters, executionId);
  if (others.length === 0 && key === 'Std:Join') {
    const { On = '', Values = [] } = inner as { On?: string; Values?: unknown[] };
    return Values.map((part) => String(resolve(part))).join(On);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member)]));
}

function referenced(path: string, parameters: Record<string, unknown>, executionId: string): unknown {
  if (path === 'Execution.PipelineExecutionId') return executionId;
  const [root, name = ''] = path.split('.');
  if (root === 'Parameters' && Object.hasOwn(parameters, name)) return parameters[name];
  throw new UnsupportedError(
    `A SageMaker pipeline's reference ${path} is not supported by the laptop cloud. Use Parameters.<name> of ${Object.keys(parameters).join(', ')}.`,
  );
}
