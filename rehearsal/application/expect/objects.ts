import type { S3 } from '../../services/s3';
import { textHolds } from '../partial';
import type { ExpectationOutcome } from '../result';
import type { Sight } from '../sight';
import { counted, listed, members, outcome } from './outcome';

interface StoredObject {
  key: string;
  text: string;
  contentType: string | undefined;
}

/** `*` stands for any text. */
const globbed = (pattern: string): RegExp => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[^]*')}$`);

function objectsOf({ places, laptop }: Sight, path: string): StoredObject[] {
  const name = places.at(path, 'bucket')?.ref;
  const bucket = name === undefined ? undefined : laptop.cloud.double<S3>('s3').findBucket(name);
  return (bucket?.keys() ?? []).flatMap((key) => {
    const current = bucket?.current(key);
    if (current?.body === undefined) return [];
    return [{ key, text: new TextDecoder().decode(current.body), contentType: current.headers['ContentType'] as string | undefined }];
  });
}

export const expectedObjects = (sight: Sight): ExpectationOutcome[] =>
  sight.scenario.expect.objects.map(({ bucket, key, count, json, text, contentType, absent }, index) => {
    const where = `expect.objects[${index}]`;
    const all = objectsOf(sight, bucket);
    const matching = globbed(key);
    const named = all.filter((object) => matching.test(object.key));
    const wanted = (object: StoredObject): boolean =>
      (json === undefined || (typeof json === 'string' ? object.text === JSON.stringify(json) : textHolds(object.text, json))) &&
      (text === undefined || object.text.includes(text)) &&
      (contentType === undefined || object.contentType === contentType);
    const what = `objects ${key} in ${bucket}`;
    const keys = (objects: StoredObject[]): string =>
      listed(
        objects.map((object) => object.key),
        'none',
      );
    if (absent === true) return outcome(where, `${what} are absent`, !named.some(wanted), keys(named));
    const shown = (object: StoredObject): string => `${object.key} (${object.contentType ?? 'no content type'}): ${object.text}`;
    const result = counted(where, [what, members({ json, text, contentType })].filter(Boolean).join(', '), count, named, wanted, shown);
    return result.held || named.length > 0 ? result : { ...result, seen: `none; the bucket holds ${keys(all)}` };
  });
