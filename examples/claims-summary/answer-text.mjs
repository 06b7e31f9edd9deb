/** The summary in an answer: in the events of a stream, or in one JSON object where the baseline answered. */
export function summaryOf(answer) {
  if (typeof answer !== 'string') return answer?.choices?.[0]?.message?.content ?? '';
  const events = answer.split('\n\n').map((event) => event.replace(/^data: /, ''));
  return events
    .filter((event) => event.startsWith('{'))
    .map((event) => JSON.parse(event).choices[0]?.delta?.content ?? '')
    .join('');
}
