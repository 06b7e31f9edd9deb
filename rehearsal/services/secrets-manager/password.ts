import { AwsError } from '../../cloud/types';
import type { Members, Random } from '../../cloud/types';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

const isTrue = (value: unknown): boolean => String(value ?? false) === 'true';

function alphabets(settings: Members): string[] {
  const excluded = new Set((settings['ExcludeCharacters'] ?? '') as string);
  const without = (characters: string): string => [...characters].filter((character) => !excluded.has(character)).join('');
  return [
    isTrue(settings['ExcludeLowercase']) ? '' : lower,
    isTrue(settings['ExcludeUppercase']) ? '' : lower.toUpperCase(),
    isTrue(settings['ExcludeNumbers']) ? '' : digits,
    isTrue(settings['ExcludePunctuation']) ? '' : punctuation,
    isTrue(settings['IncludeSpace']) ? ' ' : '',
  ]
    .map(without)
    .filter((characters) => characters !== '');
}

function password(settings: Members, random: Random): string {
  const length = Number(settings['PasswordLength'] ?? 32);
  const sets = alphabets(settings);
  const all = sets.join('');
  if (all === '') throw new AwsError('InvalidParameterException', 'The password would have no characters to choose from.');
  const pick = (characters: string): string => characters[random.integer(characters.length)] as string;
  const letters = Array.from({ length }, () => pick(all));
  if (String(settings['RequireEachIncludedType'] ?? true) === 'true') {
    // One of each kind, at places of their own.
    const places = Array.from({ length }, (_, index) => index);
    for (const characters of sets.slice(0, length)) {
      const [place] = places.splice(random.integer(places.length), 1) as [number];
      letters[place] = pick(characters);
    }
  }
  return letters.join('');
}

/** The value that `GenerateSecretString` asks for; seeded like all randomness of a rehearsal. */
export function generatedSecret(settings: Members, random: Random): string {
  const value = password(settings, random);
  const key = settings['GenerateStringKey'] as string | undefined;
  const template = settings['SecretStringTemplate'] as string | undefined;
  if (key === undefined && template === undefined) return value;
  if (key === undefined || template === undefined) {
    throw new AwsError('InvalidParameterException', 'GenerateStringKey and SecretStringTemplate must be given together.');
  }
  return JSON.stringify({ ...(JSON.parse(template) as object), [key]: value });
}
