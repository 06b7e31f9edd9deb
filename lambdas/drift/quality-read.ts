import type { DriftPolicy } from '../../core/contracts';
import { countLabels, type Labelled, type QualityCounts } from '../../core/drift/judge';
import { labelled } from '../../core/drift/look/quality-join';
import type { CaptureObject } from '../../core/drift/look/objects';
import type { Truth } from '../../core/drift/look/truth';
import { createCellReader } from '../../core/drift/read/cell-reader';
import { createRecordReader } from '../../core/drift/read/records';
import type { Bucket } from '../shared/bucket';
import { readObjects } from './read-objects';

/** Answers of the files whose truth is known, counted. Each is counted once, however often it was captured. */
export async function labelsOf(
  captures: Bucket,
  policy: DriftPolicy,
  objects: CaptureObject[],
  truths: Map<string, Truth>,
  options: { fromMillis: number; untilMillis?: number },
): Promise<{ piece: QualityCounts; rows: number }> {
  const { truth } = policy;
  if (truth === undefined) throw new Error('Labels are counted, but drift.truth is not in the charter: deploy the stack again');
  const prediction = createCellReader(policy, truth.prediction);
  const confidence = truth.confidence === undefined ? undefined : createCellReader(policy, truth.confidence);
  const answers = new Map<string, Labelled>();
  const reader = createRecordReader((record) => {
    const known = truths.get(record.id);
    if (known === undefined || answers.has(record.id)) return;
    const answer = labelled(truth, known, prediction(record), confidence?.(record));
    if (answer !== undefined) answers.set(record.id, answer);
  }, options);
  await readObjects(captures, objects, reader);
  reader.finish();
  return { piece: countLabels([...answers.values()], truth), rows: answers.size };
}
