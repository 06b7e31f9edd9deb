import { isDeepStrictEqual } from 'node:util';
import type { Difference, Explanation } from '../engine/explanation';
import type { Outcome } from '../engine/outcome';

interface Input {
  VersionId?: string;
  IfMatch?: string;
  Range?: string;
  CopySource?: string;
  versioning?: string;
}

const inputOf = ({ input }: { input: unknown }): Input => input as Input;
const answerOf = (outcome: Outcome): Record<string, unknown> => ('answer' in outcome ? (outcome.answer as Record<string, unknown>) : {});
const isError = (outcome: Outcome, code: string): boolean => 'error' in outcome && outcome.error === code;
const succeeded = (outcome: Outcome): boolean => 'answer' in outcome;

const messageOf = (outcome: Outcome): string => ('error' in outcome ? outcome.message : '');

const without = (outcome: Outcome, ...members: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(answerOf(outcome)).filter(([name]) => !members.includes(name)));

/** The same but for some members of the answer. */
const sameBut = ({ ours, witness }: Difference, ...members: string[]): boolean =>
  succeeded(ours) && succeeded(witness) && isDeepStrictEqual(without(ours, ...members), without(witness, ...members));

const hadVersioning = ({ before }: Difference): boolean =>
  before.some(({ operation, input }) => operation === 'PutBucketVersioning' || inputOf({ input }).versioning !== undefined);

const isRead = ({ operation }: Difference): boolean => operation === 'GetObject' || operation === 'HeadObject';

const recorded = (test: string, words: string): string => `AWS's answer as recorded by LocalStack's validated test ${test}: ${words}`;

export const explainedOfS3: readonly Explanation[] = [
  {
    area: 's3',
    title:
      'the version "null" is told of what is read or made, where versioning was ever set; the witness tells it only of a copy\'s source',
    right: 'ours',
    documented: recorded(
      'test_put_object_on_suspended_bucket',
      'GetObject after a PutObject in a suspended bucket tells the version id that ListObjectVersions tells.',
    ),
    applies: (difference) =>
      hadVersioning(difference) &&
      (answerOf(difference.ours)['VersionId'] === 'null' || answerOf(difference.witness)['CopySourceVersionId'] === 'null') &&
      sameBut(difference, 'CopySourceVersionId', ...(answerOf(difference.ours)['VersionId'] === 'null' ? ['VersionId'] : [])),
  },
  {
    area: 's3',
    title: 'a range that is none, or turned round, is passed over; the witness refuses it',
    right: 'ours',
    documented: recorded('test_get_object_range', 'bytes=1-0 and ranges in another format: 200 and the whole object.'),
    applies: ({ operation, input, ours, witness }) =>
      operation === 'GetObject' &&
      /^(bytes=3-1|lines=1-2)$/.test(inputOf({ input }).Range ?? '') &&
      succeeded(ours) &&
      isError(witness, 'InvalidRange'),
  },
  {
    area: 's3',
    title: 'a range is taken of the version that is asked for; the witness answers the whole of an older version',
    right: 'ours',
    documented:
      'Amazon S3 API Reference, GetObject: "Range: Downloads the specified byte range of an object.", "versionId: Version ID used to reference a specific version of the object."',
    applies: ({ operation, input, witness }) =>
      operation === 'GetObject' &&
      inputOf({ input }).Range !== undefined &&
      inputOf({ input }).VersionId !== undefined &&
      succeeded(witness),
  },
  {
    area: 's3',
    title: 'a conditional delete of a key without an object fails; the witness lets it pass',
    right: 'ours',
    documented:
      'Amazon S3 User Guide, How to perform conditional deletes: "you can use the HTTP If-Match header with the precondition value * to check if object exists".',
    applies: ({ operation, input, ours, witness }) =>
      operation === 'DeleteObject' && inputOf({ input }).IfMatch !== undefined && isError(ours, 'NoSuchKey') && succeeded(witness),
    endsCase: true,
  },
  {
    area: 's3',
    title: 'a copy onto itself that changes nothing is refused; the witness makes it where versioning is set',
    right: 'ours',
    documented: recorded(
      'test_s3_copy_object_in_place_versioned',
      'InvalidRequest, "This copy request is illegal because it is trying to copy an object to itself …".',
    ),
    applies: ({ operation, ours, witness }) =>
      operation === 'CopyObject' &&
      isError(ours, 'InvalidRequest') &&
      messageOf(ours).startsWith('This copy request is illegal') &&
      succeeded(witness),
    endsCase: true,
  },
  {
    area: 's3',
    title: 'a copy with metadata of its own has no content type of its source; the witness keeps it',
    right: 'ours',
    documented: recorded(
      'test_s3_copy_object_in_place_metadata_directive',
      'after MetadataDirective REPLACE without ContentType: "binary/octet-stream".',
    ),
    applies: (difference) =>
      isRead(difference) &&
      sameBut(difference, 'ContentType', 'VersionId') &&
      answerOf(difference.ours)['ContentType'] === 'binary/octet-stream',
  },
  {
    area: 's3',
    title: 'a bucket without versioning refuses version ids; the witness looks for the version',
    right: 'ours',
    documented: recorded('test_get_object_with_version_unversioned_bucket', 'InvalidArgument, "Invalid version id specified".'),
    applies: (difference) =>
      !hadVersioning(difference) &&
      (isError(difference.witness, 'NoSuchVersion')
        ? isError(difference.ours, 'InvalidArgument')
        : // An answer to HEAD has no body to name the error.
          difference.operation === 'HeadObject' &&
          isError(difference.witness, 'NotFound') &&
          (difference.ours as { status?: number }).status === 400),
  },
  {
    area: 's3',
    title: 'a delete marker cannot be read or copied by its version; the witness answers an empty object, or finds none',
    right: 'ours',
    documented: recorded('test_delete_object_versioned', 'GetObject of a delete marker by its version: 405, "MethodNotAllowed".'),
    applies: (difference) =>
      (isRead(difference) && (difference.ours as { status?: number }).status === 405) ||
      (difference.operation === 'CopyObject' && messageOf(difference.ours).includes('delete marker')),
  },
  {
    area: 's3',
    title: 'a page of versions starts after the version "null" that the last one ended with; the witness repeats it',
    right: 'ours',
    documented:
      'Amazon S3 API Reference, ListObjectVersions: "VersionIdMarker: Marks the last version of the key returned in a truncated response."',
    applies: ({ operation, input }) =>
      operation === 'ListObjectVersions' && (input as { VersionIdMarker?: string }).VersionIdMarker === 'null',
    endsCase: true,
  },
  {
    area: 's3',
    title: 'a copy can name the version "null" as its source; the witness does not find it',
    right: 'ours',
    documented: recorded(
      'test_get_object_with_version_unversioned_bucket',
      'GetObject of the version "null" in a bucket without versioning answers the object.',
    ),
    applies: ({ operation, input, witness }) =>
      operation === 'CopyObject' && /versionId=null$/.test(inputOf({ input }).CopySource ?? '') && isError(witness, 'NoSuchVersion'),
    endsCase: true,
  },
];
