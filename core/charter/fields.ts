import * as z from 'zod';

// Every schema here carries, as its zod message, what is allowed: the rest of an error is made from the value and its path.

/** A value of the CDK that is only known at deploy time; never in a file. */
export const UNRESOLVED_TOKEN = /\$\{Token\[[^\]]*\]\}/;

/** An object without unknown keys. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys.join(', ') : `a mapping with the keys ${keys.join(', ')}`),
  });
}

export function listOf<Item extends z.ZodType>(item: Item, what: string, atLeast = 0, atMost = 100) {
  const allowed = `a list of ${atLeast > 0 ? `at least ${atLeast} ` : ''}${what}${atMost < 100 ? `, at most ${atMost}` : ''}`;
  return z.array(item, { error: allowed }).min(atLeast, { error: allowed }).max(atMost, { error: allowed });
}

/** String keys and values; `what` says what is allowed. */
export function mapOf<Value extends z.ZodType>(keyPattern: RegExp, value: Value, what: string) {
  return z.record(z.string().regex(keyPattern, { error: what }), value, { error: what });
}

export const matching = (pattern: RegExp, allowed: string) => z.string({ error: allowed }).regex(pattern, { error: allowed });

/** Like `matching`, for values that a CDK app may only know at deploy time. */
export const matchingOrToken = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).refine((value) => UNRESOLVED_TOKEN.test(value) || pattern.test(value), { error: allowed });

export function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, { error: `one of ${values.join(', ')}` });
}

/** Of keys that stand for a choice. */
export const exactlyOne = (keys: string[], given: object, context: z.core.$RefinementCtx): void => {
  const chosen = keys.filter((key) => (given as Record<string, unknown>)[key] !== undefined);
  if (chosen.length !== 1) context.addIssue({ code: 'custom', message: `exactly one of ${keys.join(', ')}` });
};

const TEXT = 'a text of 1 to 2000 characters';
export const text = z.string({ error: TEXT }).trim().min(1, { error: TEXT }).max(2000, { error: TEXT });

export const flag = z.boolean({ error: 'true or false' });

export const numberBetween = (low: number, high: number, allowed = `a number from ${low} to ${high}`) =>
  z.number({ error: allowed }).min(low, { error: allowed }).max(high, { error: allowed });

const FRACTION = 'a fraction from 0 to 1 (0.05 is 5 %)';
export const fraction = numberBetween(0, 1, FRACTION);

const SHARE = 'a fraction above 0, at most 1 (0.05 is 5 %)';
export const positiveFraction = z.number({ error: SHARE }).gt(0, { error: SHARE }).max(1, { error: SHARE });

const POSITIVE = 'a number above 0';
export const positiveNumber = z.number({ error: POSITIVE }).gt(0, { error: POSITIVE }).max(1e12, { error: POSITIVE });

export const wholeNumber = (low: number, high: number) => {
  const allowed = `a whole number from ${low} to ${high}`;
  return z.int({ error: allowed }).min(low, { error: allowed }).max(high, { error: allowed });
};

const MINUTES_PER = { m: 1, h: 60, d: 1440 } as const;
const DURATION = 'a duration such as 30m, 6h or 14d';

/** `6h` → 360 minutes. */
export const durationMinutes = z
  .string({ error: DURATION })
  .regex(/^[1-9]\d{0,5}[mhd]$/, { error: DURATION })
  .transform((value) => Number(value.slice(0, -1)) * MINUTES_PER[value.slice(-1) as keyof typeof MINUTES_PER]);

const WAIT = 'a duration of at most 90d, such as 6h: a workflow waits for it';
/** A time that a workflow's execution waits for: it lives a year at most, queued releases included. */
export const waitMinutes = durationMinutes.refine((minutes) => minutes <= 90 * 1440, { error: WAIT });

const DATE = 'a day of the calendar such as 2027-03-31';
export const calendarDay = z.string({ error: DATE }).refine(
  (value) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
    const day = new Date(`${value}T00:00:00Z`);
    return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
  },
  { error: DATE },
);

export const currency = matching(/^[A-Z]{3}$/, 'a currency code of three capitals such as USD or EUR');
export const email = matching(/^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,60}$/, 'an e-mail address');
export const region = matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1');
export const kebabName = (atLeast: number, atMost: number) =>
  matching(
    new RegExp(`^[a-z][a-z0-9-]{${atLeast - 1},${atMost - 1}}$`),
    `${atLeast} to ${atMost} of a-z, 0-9 and -, starting with a letter`,
  );

const PARTITION = 'arn:aws(-[a-z]+)*';
const arn = (rest: string, example: string) => matchingOrToken(new RegExp(`^${PARTITION}:${rest}$`), `an ARN such as ${example}`);

export const principalArn = arn('iam::\\d{12}:(role|user)/[\\w+=,.@/-]{1,512}', 'arn:aws:iam::111122223333:role/ModelRisk');
export const policyArn = arn('iam::(\\d{12}|aws):policy/[\\w+=,.@/-]{1,512}', 'arn:aws:iam::111122223333:policy/boundary');
export const keyArn = arn('kms:[a-z0-9-]+:\\d{12}:key/[\\w-]{1,128}', 'arn:aws:kms:eu-west-1:111122223333:key/0ab1…');
export const modelPackageArn = arn(
  'sagemaker:[a-z0-9-]+:\\d{12}:model-package/[a-zA-Z0-9][a-zA-Z0-9-]{0,62}(/[1-9]\\d{0,8})?',
  'arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7',
);
export const imageUri = matchingOrToken(
  /^[a-z0-9][a-z0-9._/:-]{0,200}\/[a-z0-9][a-z0-9._/-]{0,200}(:[\w.-]{1,128}|@sha256:[0-9a-f]{64})$/,
  'a container image with tag or digest such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1.4.0',
);

/** A path beside the charter. */
export const relativePath = (what: string) =>
  matching(/^(?![/~])(?![a-zA-Z]:)(?!\w+:\/\/)[^\\\0\n]{1,300}$/, `${what}: a path relative to the charter, with / between folders`);
