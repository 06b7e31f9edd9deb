import { FULL } from './cells';
import { DELAY_MINUTES, WINDOW_MINUTES } from './stream';

/** What a reader must know to judge the tables. */
export const METHOD = `Printed by \`npm run bench:verdict\`. All policies of a cell watch the same simulated days: 24 hours, a look each minute, 20 / 200 / 2000 requests a minute (the three figures of a cell). Figures do not depend on the machine: the random numbers of a day come from the cell's name (as in \`verdict.json\`) and the number of the day, from 1 on.

- Days per cell without a change: ${FULL.nullDays} for Sluice, the first ${FULL.peerDays(20)} of them for the other policies (${FULL.peerDays(2000)} at 2000 requests a minute), ${FULL.kayentaDays(20)} (${FULL.kayentaDays(2000)}) for Kayenta's judge. With an effect: ${FULL.effectDays} for Sluice, as many as above for the others. Promotion: ${FULL.promotionDays}. A share from ${FULL.peerDays(20)} days has a standard error of up to 3.5 points, from ${FULL.kayentaDays(20)} of up to 5.
- KPIs: conversion (higher is better), errors, answers above the 95th percentile of latency, lognormal cost (σ = 1) and counts (Poisson, mean 2, higher is better), the last two winsorised at their 99.5 % quantile for every policy. Values are drawn from 1 024 equally likely ones, the means of as many parts of the distribution.
- Ramp: 5 % of the traffic, 10 % after 241 minutes, 25 % after 483, 50 % after 727. Traffic and the KPI's level swing by ±50 % within 24 hours; the level worsens for twelve hours while the share grows.
- Late: delays are exponential with a mean of ${DELAY_MINUTES} minutes. Sluice reads complete strata only, an attribution window of ${WINDOW_MINUTES} minutes and two for the queue after them, as it does by default. The others count what has arrived.
- Sticky: a session keeps its arm and its outcome, which each of its requests bears. Sluice counts sessions, the others requests.
- Sluice: through \`core/verdict\`, strata of five minutes, one KPI, α = 5 %. Except in the late scenario the open stratum counts at each look.
- CloudWatch: an alarm on the candidate, 2 of 3 periods of five minutes, at 20 % worse than the usual level (errors: 1 %). Flagger: 5 failed checks of a minute each at the same limit; a minute without values fails. Argo Rollouts: the fourth failed measurement of five minutes (\`failureLimit: 3\`). Calibrated: at the limit that 5 % of ${FULL.calibrationDays} other days without a change exceed.
- z-test: one-sided, 5 %, pooled, from 30 candidate units on. O'Brien-Fleming: one-sided, 5 %, in continuous time, planned for 24 hours. Confidence sequence: Waudby-Smith and others (2024), pooled, tuned to 20 %, from 200 candidate units on.
- Kayenta: NetflixACAJudge with its defaults (Mann-Whitney at 98 %, tolerance 0.25, no outlier removal, missing minutes as 0), the metric's harmful direction, thresholds 95/75, each hour over all minutes so far. The port gives every figure that spinnaker/spinnaker#6278 prints, to 12 digits or more.
- What it is not: recorded traffic. Requests (sessions) are independent given the hour; delays do not depend on the arm; one KPI at a time.`;
