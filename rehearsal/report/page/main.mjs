/* global document, matchMedia */
// Runs in the reader's browser: draws all charts of the page, again when the colour scheme changes.
import 'uplot/dist/uPlot.min.css';
import './theme.css';
import './page.css';
import './application.css';
import { drawEvidence, drawKpi, drawShare } from './charts.mjs';

const rehearsals = JSON.parse(document.getElementById('rehearsals').textContent);
const DRAW = { share: drawShare, evidence: drawEvidence, kpi: drawKpi };

let drawn = [];

function drawAll() {
  for (const chart of drawn) chart.destroy();
  drawn = [...document.querySelectorAll('[data-chart]')].flatMap((element) => {
    element.replaceChildren();
    const { chart, scenario, kpi } = element.dataset;
    const made = DRAW[chart](element, rehearsals[Number(scenario)], Number(kpi), `scenario-${scenario}`);
    return made === undefined ? [] : [made];
  });
}

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
