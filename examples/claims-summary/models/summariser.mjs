// Stands in for a language model: reads the file, forgets a fact now and then, says one that is not there if it is made to,
// and writes as vLLM streams: a few tokens at a time, as server-sent events.

const WORDS_A_PART = 10;
const MILLIS_A_PART = 220;

const FACTS = [
  ['date', /happened on (\d+ \w+ 2026)/, (date) => `On ${date} a loss occurred`],
  ['cause', /(burst|rear-end collision|storm damage|theft)/, (cause) => `the cause is ${cause === 'burst' ? 'burst pipe' : cause}`],
  ['amount', /(EUR \d+)/, (amount) => `the estimate is ${amount}`],
  ['injured', /(One person was injured)/, () => 'one person was injured'],
  ['police', /(A police report was taken)/, () => 'a police report is on file'],
];

/** `forgets`: share of facts that it leaves out; `invents`: share of files to which it adds one. */
export function summarise(document, { forgets, invents = 0 }, random) {
  const told = FACTS.flatMap(([, pattern, say]) => {
    const found = pattern.exec(document)?.[1];
    return found === undefined || random() < forgets ? [] : [say(found)];
  });
  if (random() < invents && !document.includes('A police report')) told.push('a police report is on file');
  return `${told.join('; ')}.`;
}

/** `breaksOff`: share of answers that end in the middle. */
export function streamed(request, settings, random) {
  const words = summarise(request.messages.at(-1).content, settings, random).split(/(?<= )/);
  const parts = [];
  for (let index = 0; index < words.length; index += WORDS_A_PART) {
    const content = words.slice(index, index + WORDS_A_PART).join('');
    parts.push({ afterMillis: index === 0 ? 0 : MILLIS_A_PART, text: event({ choices: [{ delta: { content } }] }) });
  }
  if (random() < (settings.breaksOff ?? 0)) {
    return { contentType: 'text/event-stream', parts: parts.slice(0, 2), brokenBy: 'the worker ran out of memory' };
  }
  return { contentType: 'text/event-stream', parts: [...parts, { afterMillis: 0, text: 'data: [DONE]\n\n' }] };
}

const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
