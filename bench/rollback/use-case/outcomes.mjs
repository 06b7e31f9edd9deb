/** A mistake happens as often as the answer says; it is seen within half an hour. */
export default function outcomes({ response, random }) {
  return [{ kpi: 'mistakes', value: random() < response.mistakeRate ? 1 : 0, delayMinutes: 2 + 20 * random() }];
}
