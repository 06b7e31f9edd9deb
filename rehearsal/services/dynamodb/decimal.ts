/** DynamoDB numbers: decimal, at most 38 significant digits, exact. Kept as strings, as the wire carries them. */
import { validation } from './errors';

interface Decimal {
  /** Without trailing zeros; 0 is {0, 0}. */
  digits: bigint;
  /** Value is digits × 10^exponent. */
  exponent: number;
}

const wholeNumber = /^(?:0|-?[1-9]\d{0,14})$/;
const anyNumber = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

function parse(text: string): Decimal {
  const match = anyNumber.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || whole + fraction === '') {
    throw validation(
      text === ''
        ? 'The parameter cannot be converted to a numeric value'
        : `The parameter cannot be converted to a numeric value: ${text}`,
    );
  }
  const all = (whole + fraction).replace(/^0+/, '');
  const significant = all.replace(/0+$/, '');
  if (significant === '') return { digits: 0n, exponent: 0 };
  const exponent = Number(match[4] ?? 0) - fraction.length + (all.length - significant.length);
  const magnitude = exponent + significant.length - 1;
  if (magnitude > 125) {
    throw validation('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < -130) {
    throw validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (significant.length > 38) throw validation('Attempting to store more than 38 significant digits in a Number');
  return { digits: BigInt(match[1] === '-' ? `-${significant}` : significant), exponent };
}

function format({ digits, exponent }: Decimal): string {
  const negative = digits < 0n;
  const text = (negative ? -digits : digits).toString();
  const sign = negative ? '-' : '';
  if (exponent >= 0) return sign + text + '0'.repeat(digits === 0n ? 0 : exponent);
  const point = text.length + exponent;
  return point > 0 ? `${sign}${text.slice(0, point)}.${text.slice(point)}` : `${sign}0.${'0'.repeat(-point)}${text}`;
}

/** The number as DynamoDB stores and answers it: `1.0` is `1`, `1e2` is `100`. Throws on what is no DynamoDB number. */
export function normalNumber(text: string): string {
  return wholeNumber.test(text) ? text : format(parse(text));
}

function align(left: Decimal, right: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (value: Decimal): bigint => value.digits * 10n ** BigInt(value.exponent - exponent);
  return [scaled(left), scaled(right), exponent];
}

/** Throws where the sum needs more than 38 digits. */
export function addNumbers(left: string, right: string, sign: 1 | -1 = 1): string {
  if (wholeNumber.test(left) && wholeNumber.test(right)) return String(Number(left) + sign * Number(right));
  const [a, b, exponent] = align(parse(left), parse(right));
  const sum = sign === 1 ? a + b : a - b;
  return normalNumber(`${sum}e${exponent}`);
}

export function compareNumbers(left: string, right: string): number {
  if (wholeNumber.test(left) && wholeNumber.test(right)) return Number(left) - Number(right);
  const [a, b] = align(parse(left), parse(right));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A string that sorts as the number does. */
export function sortableNumber(text: string): string {
  const { digits, exponent } = parse(text);
  if (digits === 0n) return '1';
  const significant = (digits < 0n ? -digits : digits).toString();
  const magnitude = exponent + significant.length - 1;
  if (digits > 0n) return `2${String(magnitude + 500)}${significant}`;
  const complement = significant.replace(/\d/g, (digit) => String(9 - Number(digit)));
  return `0${String(499 - magnitude)}${complement}~`;
}

/** Bytes that DynamoDB counts for a number. */
export function numberSize(text: string): number {
  let digits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) digits += 1;
  }
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}
