import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ModuleResolver, type SdkVersion } from '../../kernel/sandbox/resolve';

const MOST_BYTES = 20_000_000;
/** What is only asked for when a call needs it (credential providers and the like) is told then. */
const ASKED = /(?:\brequire\s*\(\s*|\bfrom\s*|\bimport\s*\(?\s*)["'](@aws-sdk\/(?:client|lib|util)-[\w-]+|aws-sdk)(?:\/[^"']*)?["']/g;

const scanned = new Map<string, readonly string[]>();

/** Why packages of the AWS SDK that a function's own files ask for are not there. */
export function packageProblems(directory: string, project: readonly string[], runtime: string): string[] {
  const resolver = new ModuleResolver({ task: directory, layers: [], project, sdk: sdkOf(runtime) });
  return askedPackages(directory)
    .filter((name) => resolver.resolve(name, resolver.task, 'require') === undefined)
    .map((name) =>
      resolver.isProvided(name)
        ? `the package ${name}, neither in the function's code nor in the project (npm i -D ${name})`
        : `the package ${name}, which the function's code does not hold and ${runtime} does not bring along`,
    );
}

const FIRST_WITH_VERSION_3 = 18;

/** The SDK that a runtime brings along. */
export const sdkOf = (runtime: string): SdkVersion =>
  Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? FIRST_WITH_VERSION_3) < FIRST_WITH_VERSION_3 ? 2 : 3;

function askedPackages(directory: string): readonly string[] {
  const before = scanned.get(directory);
  if (before !== undefined) return before;
  const found = new Set<string>();
  for (const file of sourceFiles(directory)) for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(ASKED)) found.add(name);
  const names = [...found].sort();
  scanned.set(directory, names);
  return names;
}

function sourceFiles(directory: string): string[] {
  let bytes = 0;
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?js$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${path.sep}node_modules${path.sep}`) && (bytes += statSync(file).size) <= MOST_BYTES);
}
