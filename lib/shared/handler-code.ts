import { existsSync } from 'node:fs';
import * as path from 'node:path';

/** Where bundles are looked for instead, in tests of this library only. */
const TEST_OVERRIDE = 'SLUICE_TEST_HANDLER_BUNDLES';

/** Directory of a handler's bundle: beside the compiled library, or in `dist` of a checkout. */
export function handlerCode(name: string): string {
  const override = process.env[TEST_OVERRIDE];
  const candidates = [
    ...(override === undefined ? [] : [path.join(override, name)]),
    path.resolve(__dirname, '..', '..', 'lambdas', name),
    path.resolve(__dirname, '..', '..', 'dist', 'lambdas', name),
  ];
  const found = candidates.find((directory) => existsSync(path.join(directory, 'index.js')));
  if (found === undefined) {
    throw new Error(
      `The bundle of the handler '${name}' is missing: looked for index.js in ${candidates.join(' and ')}. ` +
        "In a checkout of Sluice run 'npm run build' first; an installed package carries its bundles: install it again.",
    );
  }
  return found;
}
