import { runEngine } from './engine';

/** Of the race: one process, from its start to the last figure. */
const [baselineFile, windowFile] = process.argv.slice(2);
if (baselineFile === undefined || windowFile === undefined) throw new Error('engine-main takes a baseline and a window');
console.log(JSON.stringify(runEngine(baselineFile, windowFile)));
