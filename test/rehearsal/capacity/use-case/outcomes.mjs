/** A mistake happens as often as the answer says; it is seen within minutes. */
export default function outcomes({ response, random }) {
  return [{ kpi: 'mistakes', value: random() < response.mistakeRate ? 1 : 0, delayMinutes: 1 + 3 * random() }];
}
