// Real flights: those of the traffic half, drawn with replacement. Every flight is a case of its own.
import { flights } from './flights.mjs';

export default function traffic({ random }) {
  const { traffic: pool } = flights();
  let sequence = 0;
  return {
    next() {
      const { request, delay } = pool[Math.floor(random() * pool.length)];
      sequence += 1;
      return { unit: `flight-${sequence}`, request, truth: { delay } };
    },
  };
}
