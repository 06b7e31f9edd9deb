const exponential = (random) => -Math.log(1 - random());

function poisson(mean, random) {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** Drawn from what the answer says; known within 22 minutes. */
export function outcomes({ response, random }) {
  const delay = () => 2 + 20 * random();
  return [
    { kpi: 'mistakes', value: random() < response.mistakeRate, delayMinutes: delay() },
    { kpi: 'cost', value: (response.cost * (exponential(random) + exponential(random))) / 2, delayMinutes: delay() },
    { kpi: 'touches', value: poisson(response.touches, random), delayMinutes: delay() },
  ];
}
