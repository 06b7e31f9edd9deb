import { logFactorialTail } from './stirling';

const SMALL_MEAN = 10;
const WARM_UP = 16;

/** Seeded draws, fast enough for billions: sfc32 underneath, exact samplers on top. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(label: string, repetition: number) {
    this.a = hash(label);
    this.b = repetition | 0;
    this.c = Math.imul(repetition, 0x9e3779b1) ^ 0x5eed5eed;
    for (let round = 0; round < WARM_UP; round++) this.bits();
  }

  /** 32 random bits, as a signed integer. */
  bits(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }

  /** Strictly between 0 and 1. */
  uniform(): number {
    return ((this.bits() >>> 0) + 0.5) / 2 ** 32;
  }

  binomial(n: number, p: number): number {
    if (n === 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    return n * p < SMALL_MEAN ? this.binomialByInversion(n, p) : this.binomialByRejection(n, p);
  }

  poisson(mean: number): number {
    return mean < SMALL_MEAN ? this.poissonByInversion(mean) : this.poissonByRejection(mean);
  }

  private binomialByInversion(n: number, p: number): number {
    const odds = p / (1 - p);
    let term = Math.exp(n * Math.log1p(-p));
    let rest = this.uniform();
    let count = 0;
    while (rest > term && count < n) {
      rest -= term;
      count += 1;
      term *= ((n - count + 1) / count) * odds;
    }
    return count;
  }

  /** Hörmann 1993, "The generation of binomial random variates": BTRS. */
  private binomialByRejection(n: number, p: number): number {
    const deviation = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * deviation;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const quickAccept = 0.92 - 4.2 / b;
    const alpha = (2.83 + 5.1 / b) * deviation;
    const odds = p / (1 - p);
    const mode = Math.floor((n + 1) * p);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const edge = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / edge + b) * u + n * p + 0.5);
      if (edge >= 0.07 && v <= quickAccept) return k;
      if (k < 0 || k > n) continue;
      const bound =
        (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
        (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
        (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
        (logFactorialTail(mode) + logFactorialTail(n - mode) - logFactorialTail(k) - logFactorialTail(n - k));
      if (Math.log((v * alpha) / (a / (edge * edge) + b)) <= bound) return k;
    }
  }

  private poissonByInversion(mean: number): number {
    let term = Math.exp(-mean);
    let rest = this.uniform();
    let count = 0;
    while (rest > term && term > 0) {
      rest -= term;
      count += 1;
      term *= mean / count;
    }
    return count;
  }

  /** Hörmann 1993, "The transformed rejection method for generating Poisson random variables": PTRS. */
  private poissonByRejection(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const logInverseAlpha = Math.log(1.1239 + 1.1328 / (b - 3.4));
    const quickAccept = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const edge = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
      if (edge >= 0.07 && v <= quickAccept) return k;
      if (k < 0 || (edge < 0.013 && v > edge)) continue;
      const logFactorial = (k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI) + logFactorialTail(k);
      if (Math.log(v) + logInverseAlpha - Math.log(a / (edge * edge) + b) <= k * Math.log(mean) - mean - logFactorial) return k;
    }
  }
}

/** FNV-1a. */
function hash(label: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < label.length; index++) state = Math.imul(state ^ label.charCodeAt(index), 0x01000193);
  return state | 0;
}
