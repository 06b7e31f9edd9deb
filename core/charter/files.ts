import type { EffectlessSetting } from './availability';
import { driftFiles } from './drift-checks';
import { gateFiles } from './gate-checks';
import type { Finding, PathPart } from './problem';
import { formatPath } from './problem';
import type { Charter } from './schema';

/** Says whether a path relative to the charter exists. */
export type FileCheck = (relativePath: string) => boolean;

/** Files that the charter names and that must exist. */
function namedFiles(charter: Charter): { path: PathPart[]; file: string }[] {
  const { artefact } = charter.release.model;
  return [
    ...(charter.baseline.rule === undefined ? [] : [{ path: ['baseline', 'rule'], file: charter.baseline.rule }]),
    ...(artefact === undefined || isS3Url(artefact) ? [] : [{ path: ['release', 'model', 'artefact'], file: artefact }]),
    ...(charter.platform.prices === undefined ? [] : [{ path: ['platform', 'prices'], file: charter.platform.prices }]),
    ...gateFiles(charter.gates),
    ...driftFiles(charter),
  ];
}

export const isS3Url = (artefact: string): boolean => artefact.startsWith('s3://');

export function fileFindings(charter: Charter, exists: FileCheck | undefined): Finding[] {
  if (exists === undefined) return [];
  return namedFiles(charter)
    .filter(({ file }) => !exists(file))
    .map(({ path }) => ({ path, message: 'is not there', allowed: 'a path, relative to the charter, that exists' }));
}

/** Every text in `release.behaviour`: the ones that name existing files are part of the release by their content. */
export function behaviourTexts(charter: Charter): { path: PathPart[]; text: string }[] {
  return textsIn(charter.release.behaviour, ['release', 'behaviour']);
}

function textsIn(value: unknown, path: PathPart[]): { path: PathPart[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

const LOOKS_LIKE_FILE = /^[\w.-]+(\/[\w.-]+)*\.(md|txt|json|jsonl|yaml|yml|csv|prompt|tmpl|j2)$/i;

/** Could be a file: short enough and of one line. */
export const couldBeFile = (text: string): boolean => /^(?![/~])(?!\w+:\/\/)[^\\\0\n]{1,300}$/.test(text);

/** A misspelt path would otherwise pass as a text in silence. */
export function textsThatLookLikeFiles(charter: Charter, exists: FileCheck | undefined): EffectlessSetting[] {
  if (exists === undefined) return [];
  return behaviourTexts(charter)
    .filter(({ text }) => LOOKS_LIKE_FILE.test(text) && !exists(text))
    .map(({ path, text }) => ({ path: formatPath(path), why: `there is no file ${text}: it is passed on as this text` }));
}
