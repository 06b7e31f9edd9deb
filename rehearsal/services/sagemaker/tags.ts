import type { Members, Operation } from '../../cloud/types';
import { invalid } from './errors';
import { readTags, tagList } from './names';
import { toTag, toUse } from './permissions';
import { findTagged, type Store } from './store';

function tagsOf(store: Store, arn: string): Map<string, string> {
  const record = findTagged(store, arn);
  if (record === undefined) throw invalid(`Could not find resource "${arn}" to read or write its tags.`);
  return record.tags;
}

function addTags(store: Store, input: Members): Members {
  const tags = tagsOf(store, input.ResourceArn);
  const merged = readTags(tagList(new Map([...tags, ...readTags(input.Tags)])));
  for (const [key, value] of merged) tags.set(key, value);
  return { Tags: tagList(tags) };
}

export const tagOperations = (store: Store): Record<string, Operation> => ({
  AddTags: {
    permissions: (input) => [toTag(store, input.ResourceArn, input)],
    run: (input) => addTags(store, input),
  },
  ListTags: {
    permissions: (input) => [toUse(store, 'ListTags', input.ResourceArn)],
    run: (input) => ({ Tags: tagList(tagsOf(store, input.ResourceArn)) }),
  },
});
