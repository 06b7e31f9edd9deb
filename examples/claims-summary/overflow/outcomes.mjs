// The answer to a request says where the summary will be; handlers read it hours later, and one in five is changed.
const CORRECTED = 0.2;

export default function outcomes({ random }) {
  return [{ kpi: 'corrected-summary', value: random() < CORRECTED ? 1 : 0, delayMinutes: 60 + 240 * random() }];
}
