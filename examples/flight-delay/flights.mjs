// 200 000 flights within the United States in 2001: how late they arrived, how far they went, when they were to leave.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const TRAFFIC_EVERY = 2;

let halves;

/** `training` teaches the models; `traffic` is only ever asked of them. Every second flight goes to each, once per process. */
export function flights() {
  halves ??= split();
  return halves;
}

function split() {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  const rows = JSON.parse(readFileSync(path.join(path.dirname(entry), '../data/flights-200k.json'), 'utf8'));
  const parts = { training: [], traffic: [] };
  for (const [index, { delay, distance, time }] of rows.entries()) {
    const half = index % TRAFFIC_EVERY === 0 ? parts.training : parts.traffic;
    half.push({ delay, request: { scheduledHour: Math.floor(time), distanceMiles: distance } });
  }
  return parts;
}
