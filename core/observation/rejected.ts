import { gunzipSync, gzipSync } from 'node:zlib';
import type { RejectedEvent } from '../contracts';
import { sha256Hex } from '../hash';

/** An item of the ledger holds 400 KB; shorter bodies stay text, so that people can read them there. */
const MAX_TEXT_BYTES = 8_192;
const PART_BYTES = 380_000;
const DIGEST_CHARACTERS = 16;
const PART = '#part#';

/** As it is kept: `body`, or `parts` items with the compressed body under the sort keys `<sk>#part#<number>`. */
type Head = Omit<RejectedEvent, 'body'> & { body?: string; parts?: number };

interface PackedRejection {
  sk: string;
  item: object;
}

/** The same event lands on the same items. Parts come before what refers to them. */
export function packRejected({ body, ...head }: RejectedEvent): PackedRejection[] {
  const sk = `${head.eventId}#${sha256Hex(body).slice(0, DIGEST_CHARACTERS)}`;
  if (Buffer.byteLength(body) <= MAX_TEXT_BYTES) {
    return [{ sk, item: { ...head, body } }];
  }
  const compressed = gzipSync(body);
  const parts = Array.from({ length: Math.ceil(compressed.length / PART_BYTES) }, (_, index) => ({
    sk: `${sk}${PART}${String(index).padStart(2, '0')}`,
    item: { bytes: new Uint8Array(compressed.subarray(index * PART_BYTES, (index + 1) * PART_BYTES)) },
  }));
  return [...parts, { sk, item: { ...head, parts: parts.length } }];
}

/** From all items of an hour, in any order. */
export function unpackRejected(items: { sk: string }[]): (RejectedEvent & { sk: string })[] {
  const partOf = new Map(items.map((item) => [item.sk, item as { sk: string; bytes?: Uint8Array }]));
  const heads = items.filter((item) => 'reason' in item) as ({ sk: string } & Head)[];
  return heads.map(({ sk, reason, detail, eventId, kpi, body, parts = 0, receivedAt }) => {
    const bytes = Array.from({ length: parts }, (_, index) => {
      const part = partOf.get(`${sk}${PART}${String(index).padStart(2, '0')}`)?.bytes;
      if (part === undefined) {
        throw new Error(`Rejected event ${sk}: part ${index} of ${parts} is not among the items; read the whole hour`);
      }
      return part;
    });
    return { sk, reason, detail, eventId, kpi, body: body ?? gunzipSync(Buffer.concat(bytes)).toString('utf8'), receivedAt };
  });
}
