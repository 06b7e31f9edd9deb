import { renderApplicationReport } from '../../../../rehearsal/report/application/html';
import { machineSvg } from '../../../../rehearsal/report/application/machine-picture';
import { machine, rehearsal } from './sample';

const html = renderApplicationReport([rehearsal()], 'body{}');

/** A piece of the page in one line. */
const part = (from: RegExp, text = html): string => from.exec(text)?.[0].replace(/\s+/g, ' ') ?? 'not there';
/** The group of a state, up to its rectangle. */
const stateGroup = (name: string, svg: string): string =>
  part(new RegExp(`<g class="state[^>]*>\\s*<title>${name}:[^<]*</title>\\s*<rect[^>]*>`), svg);
const arrow = (way: string, svg: string): string => part(new RegExp(`<g class="arrow[^>]*><title>${way}[^<]*</title>`), svg);

describe('the page', () => {
  it('is one document without scripts, and asks for nothing from outside', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).not.toMatch(/<script|https?:|<link|<img|url\((?!#)/);
    expect(html).toContain('<title>Shop, Watch: rehearsal</title>');
  });

  it('says on top what did not hold', () => {
    expect(html).toContain('<h1>Not as expected</h1>');
    expect(part(/<p class="verdict">.*?<\/p>/)).toBe(
      '<p class="verdict">32 inputs, 3 executions. 1 of them did not succeed. 2 of 4 expectations and checks did not hold.</p>',
    );
    expect(part(/<ul class="problems">.*?<\/ul>/)).toBe(
      '<ul class="problems"><li>no parcel, but: 2 parcels</li><li>deployed: stack Watch: ROLLBACK_COMPLETE</li></ul>',
    );
  });

  it('says so when all went well', () => {
    const well = renderApplicationReport([rehearsal({ expectations: [], checks: [{ name: 'inputs', held: true }] })], '');
    expect(well).toContain('<h1>Everything went as expected</h1>');
    expect(well).not.toContain('class="problems"');
    expect(well).toContain('<p>The scenario states none.</p>');
    expect(well).toContain('</span>every input was taken</li>');
  });

  it('lists several scenarios on top, and refuses none', () => {
    const two = renderApplicationReport([rehearsal(), rehearsal({ scenario: 'well', expectations: [], checks: [] })], '');
    expect(two).toContain('<h1>1 of 2 scenarios did not go as expected</h1>');
    expect(two).toMatch(/<td class="mark held">.*<a href="#well">well<\/a>/s);
    expect(() => renderApplicationReport([], '')).toThrow('at least one scenario');
  });

  it('lets no text of the application into the markup', () => {
    expect(html).toContain('A card is declined &amp; nobody ships');
    expect(html).toContain('no &lt;money&gt;');
    expect(html).toContain('Spare &lt;b&gt;');
    expect(html).not.toMatch(/<money>|<key>|Spare <b>/);
  });
});

describe('lanes', () => {
  const lane = (label: string): string => part(new RegExp(`<div class="lane"><div class="label">${label}</div>.*?</div></div>`, 's'));

  it('show inputs, refused ones in red', () => {
    const inputs = lane('Inputs \\(30 more, all taken\\)');
    expect(inputs).toContain('aria-label="Inputs (30 more, all taken): 2, 1 of them not well; first after 0 min, last after 1 min"');
    expect(inputs).toContain('<span class="broken" style="left:1.64%;top:8px" title="request to Shop/Api: 500">');
  });

  it('show executions as bars, up to the end where they still run', () => {
    const executions = lane('Executions of Shop/Orders');
    expect(executions).toMatch(/<span style="left:0\.03%;top:8px;width:0\.09%" title="e1: SUCCEEDED after 3\.3 s">/);
    expect(executions).toMatch(/<span class="broken" style="left:1\.67%;top:8px;width:22\.92%" title="e2: FAILED after 14 min">/);
    expect(executions).toMatch(/<span class="open" style="left:2\.73%;top:20px;width:97\.27%" title="e3: RUNNING">/);
  });

  it('show faults, alarms and errors, and leave out what did not happen', () => {
    expect(lane('Faults')).toContain('title="fault: Shop/Charge fails (crash)"');
    expect(lane('Alarm Watch/Failures')).toContain('style="left:8.20%;top:8px;width:91.80%" title="in ALARM"');
    expect(lane('Errors and refusals')).toContain('title="function Shop/Charge fails: E: m"');
    expect(html).not.toContain('>People<');
  });

  it('sum up what is too much to tell apart', () => {
    const [input] = rehearsal().result.inputs;
    const inputs = Array.from({ length: 500 }, (_, n) => ({ ...input!, n, t: n * 7, ok: n !== 250 }));
    const many = part(
      /<div class="label">Inputs<\/div>.*?<\/div><\/div>/s,
      renderApplicationReport([rehearsal({ inputs, inputsLeftOut: undefined as never })], ''),
    );
    expect(many.match(/<span/g)?.length).toBeLessThanOrEqual(200);
    expect(many).toMatch(/class="broken" [^>]*title="\d from 29 min on, 1 of them not well"/);
  });
});

describe('a state machine', () => {
  const { svg } = machineSvg(machine, 'm');

  it('has its states filled by how often they were entered, framed where they failed, dashed where never', () => {
    expect(stateGroup('Charge', svg)).toContain('class="state broken"');
    expect(stateGroup('Charge', svg)).toContain('--heat:42%');
    expect(stateGroup('Charge', svg)).toContain('<title>Charge: Task · 3 times, 1 failed, 2 tried again</title>');
    expect(stateGroup('Refused', svg)).toContain('Refused: Fail · once');
    expect(stateGroup('Spare &lt;b&gt;', svg)).toContain('class="state never"');
    expect(stateGroup('Both', svg)).toContain('class="state holder"');
    expect(Number(/--heat:(\d+)%/.exec(stateGroup('Done', svg))?.[1])).toBeLessThan(42);
  });

  it('has its arrows by whether they were taken, catchers dashed', () => {
    expect(arrow('start → Charge', svg)).toContain('class="arrow taken"');
    expect(arrow('Charge → Both', svg)).toContain('class="arrow taken"><title>Charge → Both: 2 times');
    expect(arrow('Charge → Refused', svg)).toContain('class="arrow failing catch"><title>Charge → Refused, catches Declined: once');
    expect(svg).toMatch(/<g class="arrow open"><title>Again follows itself<\/title>/);
    expect(svg).toMatch(/<text class="count"[^>]*>2×<\/text>/);
  });

  it('has branches inside their state', () => {
    const inside = /<title>Both:.*?<\/title>.*?<title>Ship:.*?<\/title>.*?<title>Tell:.*?<\/title>/s;
    expect(svg).toMatch(inside);
    expect(svg.match(/<g class="state/g)).toHaveLength(8);
  });

  it('is told in words too, for who does not see it', () => {
    expect(svg).toContain('role="img" aria-labelledby="m-title m-text"');
    expect(svg).toContain('<title id="m-title">State machine Shop/Orders</title>');
    expect(svg).toContain('3 executions. Failed: Charge once, Refused once.');
    const row = part(/<tr role="row"><th role="rowheader" data-label="State" scope="row">Charge<\/th>.*?<\/tr>/s);
    expect(row).toMatch(/Task.*>3<.*number broken">1<.*>2<.*Both, Refused/);
    expect(html).toMatch(/<details><summary>The same as a table<\/summary>/);
  });

  it('has no two elements of one id on a page', () => {
    const ids = [...renderApplicationReport([rehearsal(), rehearsal({ scenario: 'b' })], '').matchAll(/ id="([^"]+)"/g)].map(
      ([, id]) => id,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has a narrow picture of what was entered, where the whole is too wide', () => {
    const wide = { ...machine, flow: { ...machine.flow, states: machine.flow.states.map((state) => ({ ...state, name: state.name })) } };
    wide.flow.states[0]!.arrows.push(...Array.from({ length: 6 }, (_, n) => ({ to: `Never${n}`, kind: 'catch' as const })));
    wide.flow.states.push(...Array.from({ length: 6 }, (_, n) => ({ name: `Never${n}`, type: 'Pass', arrows: [], ends: true, inner: [] })));
    const page = renderApplicationReport([{ ...rehearsal(), pictures: [wide] }], '');
    expect(page).toMatch(/<div class="picture wide"[^>]*>.*Never3.*<div class="picture narrow"/s);
    const narrow = page.slice(page.indexOf('<div class="picture narrow"'), page.indexOf('The same as a table'));
    expect(narrow).toContain('Refused: Fail · once');
    expect(narrow).not.toContain('Never3');
  });
});

describe('tables', () => {
  it('list executions, those that failed first, with their error and the way they took', () => {
    const rows = part(/<h3>Executions<\/h3>.*?<\/table>/s);
    expect(rows.indexOf('>e2<')).toBeLessThan(rows.indexOf('>e1<'));
    expect(rows).toContain('Charge → Refused');
    expect(rows).toContain('<div class="error">Refused: no &lt;money&gt;</div>');
    expect(rows).toContain('… 10 more …');
    expect(rows).toContain('still runs');
  });

  it('show queues, alarms, functions and stacks, what is wrong with them in red', () => {
    expect(part(/Shop\/Dead.*?<\/tr>/s)).toContain('class="number broken">2<');
    expect(part(/Shop\/Jobs.*?<\/tr>/s)).toContain('class="number">0<');
    expect(part(/<h3>Alarms<\/h3>.*?<\/table>/s)).toMatch(/broken">ALARM<.*0:05 ALARM</);
    expect(part(/<h3>Functions<\/h3>.*?<\/table>/s)).toMatch(/Shop\/Charge.*broken">3<.*Shop\/Ship \(a stand-in\)/);
    expect(part(/<h3>Stacks<\/h3>.*?<\/table>/s)).toMatch(/status broken">ROLLBACK_COMPLETE<small>no such &lt;key&gt;<.*/);
  });

  it('show expectations with what was seen instead, and checks', () => {
    expect(html).toContain('</span>no parcel, but: 2 parcels</li>');
    expect(html).toContain('</span>every stack was deployed, but: stack Watch: ROLLBACK_COMPLETE; 2 more</li>');
  });

  it('tell the timeline, what is still under way, and permissions', () => {
    expect(html).toContain('<li>execution e3 of Shop/Orders, in Charge</li>');
    expect(html).toMatch(/<tr class="turn"><td class="number">0:01<\/td><td>lambda<\/td>/);
    expect(html).toMatch(/<tr class="machinery">.*execution e2 of Shop\/Orders starts/);
    expect(html).toContain('Permissions: 0 denied, 1 never used');
  });
});
