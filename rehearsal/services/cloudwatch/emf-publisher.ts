import type { Cloud } from '../../cloud/types';
import { checkValues, dimensionsOf, EmfError, EmfReader, type EmfDirective, type EmfLine } from './emf';
import { lagOfAge, showOld } from './late';
import type { MetricSeries, MetricStore } from './series';

const HOUR = 3_600_000;
const OLDEST_MILLIS = 14 * 24 * HOUR;
const NEWEST_MILLIS = 2 * HOUR;

interface Write {
  series: MetricSeries;
  value: number | number[];
  fine: boolean;
}

/** Turns printed lines into metrics: all of a line, or none. */
export class EmfPublisher {
  private readonly reader = new EmfReader();
  /** Where a directive's values go, by the values of its dimensions: per set, per metric. */
  private readonly targets = new WeakMap<EmfDirective, Map<string, MetricSeries[][]>>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: MetricStore,
  ) {}

  publish(line: string): void {
    const document = this.reader.read(line);
    if (document === undefined) return;
    const now = this.cloud.clock.now();
    const age = now - document.atMillis;
    if (age > OLDEST_MILLIS || age < -NEWEST_MILLIS)
      throw new EmfError('_aws.Timestamp is more than two weeks old or two hours ahead', 'EMFValidationErrors');
    const writes = this.writesOf(document);
    const show = (): void => {
      for (const write of writes) apply(write, document.atMillis);
    };
    const lag = lagOfAge(age);
    if (lag === 0) show();
    else showOld(this.cloud, lag, show);
  }

  private writesOf({ directives, root }: EmfLine): Write[] {
    const writes: Write[] = [];
    for (const directive of directives) {
      const values = directive.metrics.map(({ name }) => checkValues(name, root[name]));
      for (const targets of this.targetsOf(directive, root)) {
        for (let index = 0; index < values.length; index += 1)
          writes.push({ series: targets[index]!, value: values[index]!, fine: directive.metrics[index]!.fine });
      }
    }
    return writes;
  }

  private targetsOf(directive: EmfDirective, root: Record<string, unknown>): MetricSeries[][] {
    let key = '';
    for (const names of directive.dimensionSets) for (const name of names) key += `${String(root[name])}\u0001`;
    let byDimensions = this.targets.get(directive);
    if (byDimensions === undefined) this.targets.set(directive, (byDimensions = new Map<string, MetricSeries[][]>()));
    let targets = byDimensions.get(key);
    if (targets === undefined) {
      targets = directive.dimensionSets.map((names) => {
        const dimensions = dimensionsOf(names, root);
        return directive.metrics.map(({ name, unit }) => {
          const series = this.store.series(directive.namespace, name, dimensions);
          series.units.add(unit);
          return series;
        });
      });
      byDimensions.set(key, targets);
    }
    return targets;
  }
}

function apply({ series, value, fine }: Write, atMillis: number): void {
  if (typeof value === 'number') {
    if (fine) series.addFine(atMillis, value);
    else series.add(atMillis, value);
    return;
  }
  for (const one of value) apply({ series, value: one, fine }, atMillis);
}
