/* global document, matchMedia */
// Runs in the reader's browser: draws the charts of a backtest, again when the colour scheme changes.
import 'uplot/dist/uPlot.min.css';
import '../../../rehearsal/report/page/theme.css';
import '../../../rehearsal/report/page/page.css';
import './backtest.css';
import { drawHarm, drawPromotion, drawUnits } from './charts.mjs';

const data = JSON.parse(document.getElementById('backtest').textContent);
const DRAW = { evidence: drawHarm, promotion: drawPromotion, units: drawUnits };

let drawn = [];

function drawAll() {
  for (const chart of drawn) chart.destroy();
  drawn = [...document.querySelectorAll('[data-chart]')].flatMap((element) => {
    element.replaceChildren();
    const made = DRAW[element.dataset.chart](element, data);
    return made === undefined ? [] : [made];
  });
}

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
