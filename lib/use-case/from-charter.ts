import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { behaviourTexts, type Charter, charterFromProps, couldBeFile, isS3Url, parseCharter } from '../../core/charter';
import { canonicalJson, sha256Hex } from '../../core/hash';
import { Gate } from '../gates/gate';
import { Baseline } from '../gateway/baseline';
import { ModelSource } from '../model/model-source';
import type { FromCharterOptions } from './ai-use-case-props';
import { charterOrThrow, type ResolvedUseCase } from './resolved-use-case';

/** Reads a charter: a `usecase.yaml`, or the folder that holds it. Paths in it start at that folder. */
export function useCaseFromCharter(charterPath: string, options: FromCharterOptions): ResolvedUseCase {
  const file = charterFile(charterPath);
  const text = readFileSync(file, 'utf8');
  const result = parseCharter(text, file, parseOptions(file, options));
  return { ...resolveCharter(charterOrThrow(result, `The charter ${charterPath}`), file, options), charterSha256: sha256Hex(text) };
}

/** The same for what a charter would say with changes laid over it. */
export function useCaseFromDocument(charterPath: string, document: unknown, options: FromCharterOptions): ResolvedUseCase {
  const file = charterFile(charterPath);
  const result = charterFromProps(document, file, parseOptions(file, options));
  const resolved = resolveCharter(charterOrThrow(result, `The charter ${charterPath} with changes`), file, options);
  return { ...resolved, charterSha256: sha256Hex(canonicalJson(document)) };
}

const parseOptions = (file: string, { profile }: FromCharterOptions) => ({
  profile,
  exists: (relative: string) => existsSync(path.join(path.dirname(file), relative)),
  read: (relative: string) => readFileSync(path.join(path.dirname(file), relative), 'utf8'),
});

function resolveCharter(
  { charter, effectless }: Pick<ResolvedUseCase, 'charter' | 'effectless'>,
  file: string,
  options: FromCharterOptions,
): ResolvedUseCase {
  const within = (relative: string): string => path.join(path.dirname(file), relative);
  const { rule, fixed } = charter.baseline;
  return {
    charter,
    effectless,
    model: modelOf(charter, within),
    baseline: rule === undefined ? Baseline.fixedAnswer(fixed) : Baseline.rule(within(rule)),
    gates: charter.gates.map((gate) => Gate._ofCharter(gate, within)),
    fileOf: within,
    behaviourFiles: behaviourFiles(charter, within),
    platform: options,
    ...(charter.platform.prices === undefined ? {} : { pricesFile: within(charter.platform.prices) }),
  };
}

/** As it was given, so that problems name the file as `sluice validate` does. */
function charterFile(charterPath: string): string {
  const isFolder = statSync(charterPath, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? path.join(charterPath, 'usecase.yaml') : charterPath;
  if (!existsSync(file)) {
    throw new Error(
      `There is no charter at ${path.resolve(file)}: give a usecase.yaml, or the folder that holds one. \`npx cdk-sluice init\` writes one.`,
    );
  }
  return file;
}

function modelOf(charter: Charter, within: (relative: string) => string): ModelSource {
  const { package: packageArn, image, container, artefact: written } = charter.release.model;
  const artefact = written === undefined || isS3Url(written) ? written : within(written);
  if (packageArn !== undefined) return ModelSource.modelPackage(packageArn);
  if (image !== undefined) return ModelSource.container({ image, artefact });
  const [, version] = /^scikit-learn:(.+)$/.exec(container ?? '') ?? [];
  if (version === undefined || artefact === undefined) {
    throw new Error(
      `release.model.container is '${container}': allowed is scikit-learn:VERSION such as scikit-learn:1.2-1; give any other container as image.`,
    );
  }
  return ModelSource.scikitLearn({ version, artefact });
}

function behaviourFiles(charter: Charter, within: (relative: string) => string): Record<string, string> {
  const files = behaviourTexts(charter)
    .map(({ text }) => text)
    .filter((text) => couldBeFile(text) && existsSync(within(text)) && statSync(within(text)).isFile());
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(within(file)))
        .digest('hex'),
    ]),
  );
}
