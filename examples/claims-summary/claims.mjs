// Claim files as they come in, written by a program: no real person, no real claim. The same random numbers give the same files.

const CAUSES = {
  'burst pipe': 'A pipe under the kitchen sink burst and the water reached the parquet floor before the main valve was closed.',
  'rear-end collision': 'The insured car stood at a traffic light when the vehicle behind it did not brake in time: a rear-end collision.',
  'storm damage':
    'The wind took tiles off the roof, and rain came through the ceiling of the bedroom. It is storm damage like that of the neighbours.',
  theft: 'The bicycle was locked in the cellar and gone in the morning. The lock was cut: theft.',
};
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June'];
const NAMES = ['Amara Okafor', 'Jan de Vries', 'Lucía Romero', 'Priya Nair', 'Tomasz Zielinski', 'Wei Chen'];
const ASIDES = [
  'The insured has held the policy for several years and paid every premium.',
  'Photographs are attached; two of them are blurred.',
  'The insured asks to be called after six in the evening.',
  'A neighbour has a key and let the craftsman in.',
  'An earlier claim of another kind was settled without dispute.',
  'The insured apologises for the handwriting.',
];

const pick = (list, random) => list[Math.floor(random() * list.length)];

/** What happened, and the file that tells it. */
export function claim(random) {
  const facts = {
    name: pick(NAMES, random),
    date: `${1 + Math.floor(random() * 28)} ${pick(MONTHS, random)} 2026`,
    cause: pick(Object.keys(CAUSES), random),
    amount: `EUR ${400 + 10 * Math.floor(random() * 900)}`,
    injured: random() < 0.15,
    police: random() < 0.4,
  };
  return { facts, document: documentOf(facts, random) };
}

function documentOf({ name, date, cause, amount, injured, police }, random) {
  const asides = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(ASIDES, random));
  return [
    `Notice of claim by ${name}.`,
    ...asides(),
    `It happened on ${date}. ${CAUSES[cause]}`,
    ...asides(),
    injured ? 'One person was injured and saw a doctor.' : 'Nobody came to harm.',
    police ? 'A police report was taken and is attached.' : 'The police were not called.',
    ...asides(),
    `The craftsman's estimate comes to ${amount}.`,
    ...asides(),
  ].join(' ');
}

/** What a handler checks: what is missing from a summary, and what is in it that the file does not say. */
export function mistakesIn(summary, { date, cause, amount, injured, police }) {
  const missing =
    [date, cause, amount].filter((fact) => !summary.includes(fact)).length + (injured && !summary.includes('injured') ? 1 : 0);
  const invented = !police && summary.includes('police report') ? 1 : 0;
  return { missing, invented };
}
