import type { Cloud, Random } from '../../../cloud/types';
import type { Container, EndpointRecord, ModelImage, Variant } from '../state';
import type { Store } from '../store';
import { copyMinutes, drawMillis } from '../timings';
import { Hosts, type HostEvents } from './hosts';
import { fitsEmpty, hostFor, hostsNeeded } from './placement';
import { bakeBatch } from './rolling';
import type { ComponentRecord, ComponentStatus, Copy, HostPool, Rolling } from './types';

const NO_ROOM =
  'The endpoint has no instance with enough free memory, CPU cores or accelerators for the copies of the inference component, and may not have more instances. ' +
  'Raise MaxInstanceCount of its ManagedInstanceScaling, use a larger instance type, or ask for less.';
const TOO_LARGE =
  'A copy of the inference component needs more than an instance of the endpoint has. Use a larger instance type, or ask for less.';

/** Keeps as many copies of each inference component as are wanted, on as many instances as they take. */
export class ComponentScheduler {
  private readonly random: Random;
  private readonly hosts: Hosts;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly container: (model: ModelImage) => Container,
    events: HostEvents,
  ) {
    this.random = cloud.random.fork('sagemaker:components');
    const changed = (endpoint: EndpointRecord): void => {
      events.changed(endpoint);
      this.reconcile(endpoint);
    };
    this.hosts = new Hosts(cloud, this.random, { ...events, changed });
  }

  of(endpoint: EndpointRecord): ComponentRecord[] {
    return this.store.components.all().filter(({ endpointArn }) => endpointArn === endpoint.arn);
  }

  /** Compares what is wanted with what there is, and begins what is missing. */
  reconcile(endpoint: EndpointRecord): void {
    for (const variant of endpoint.variants) if (variant.hosts !== undefined) this.tend(endpoint, variant, variant.hosts);
  }

  /** An update brought other instances: copies move there, and answer without a break where there is room. */
  rehouse(endpoint: EndpointRecord): void {
    for (const { hosts: pool, variantName } of endpoint.variants) {
      if (pool === undefined) continue;
      const components = this.of(endpoint).filter((component) => component.variantName === variantName);
      const housed = components.flatMap(({ copies }) => copies).filter(({ host }) => pool.running.includes(host));
      for (const component of components) {
        for (const copy of component.copies.filter(({ host }) => !pool.running.includes(host))) {
          const place = hostFor(component, pool, housed);
          if (place === undefined) drop(component, copy);
          else housed.push(Object.assign(copy, place));
        }
      }
    }
    this.reconcile(endpoint);
  }

  enter(component: ComponentRecord, status: ComponentStatus): void {
    component.status = status;
    component.modifiedAtMillis = this.cloud.clock.now();
    this.cloud.record('sagemaker', 'inference-component-status', {
      inferenceComponentName: component.name,
      endpointName: component.endpointName,
      status,
      copies: component.copies.length,
      desiredCopies: component.desiredCopies,
      ...(component.failureReason === undefined ? {} : { failureReason: component.failureReason }),
    });
  }

  /** Does something after a while, unless the component is gone by then. The rehearsal waits for it. */
  later(component: ComponentRecord, delayMillis: number, action: () => void): void {
    const end = this.cloud.begin(`inference component ${component.name} is ${component.status}`);
    this.cloud.clock.after(delayMillis, () => {
      try {
        if (this.store.components.find(component.name) === component) action();
      } finally {
        end();
      }
    });
  }

  private tend(endpoint: EndpointRecord, variant: Variant, pool: HostPool): void {
    const components = this.of(endpoint).filter(({ variantName }) => variantName === variant.variantName);
    for (const component of components) shrink(component);
    const missing = new Map(components.map((component) => [component, this.place(endpoint, component, pool, components)]));
    const launching = this.hosts.want(endpoint, variant, pool, hostsNeeded(missing, variant.instanceType));
    this.hosts.watchIdle(
      endpoint,
      variant,
      pool,
      components.flatMap(({ copies }) => copies),
    );
    for (const component of components) this.settle(endpoint, variant, component, (missing.get(component) ?? 0) > 0 && launching === 0);
  }

  /** Starts copies where there is room; how many found none. */
  private place(endpoint: EndpointRecord, component: ComponentRecord, pool: HostPool, components: ComponentRecord[]): number {
    let unplaced = wanted(component) - current(component).length;
    while (unplaced > 0) {
      const place = hostFor(
        component,
        pool,
        components.flatMap(({ copies }) => copies),
      );
      if (place === undefined) return unplaced;
      this.start(endpoint, component, place);
      unplaced -= 1;
    }
    return 0;
  }

  private start(endpoint: EndpointRecord, component: ComponentRecord, { host, spec }: Pick<Copy, 'host' | 'spec'>): void {
    const copy: Copy = {
      host,
      spec,
      generation: component.generation,
      answers: false,
      model: spec.model,
      container: this.container(spec.model),
      inFlight: 0,
      busyMillis: 0,
    };
    component.copies.push(copy);
    this.later(component, drawMillis(this.random, copyMinutes(host.instanceType)), () => {
      if (!component.copies.includes(copy)) return;
      copy.answers = true;
      const old = component.copies.find(({ generation }) => generation < component.generation);
      if (old !== undefined) drop(component, old);
      this.reconcile(endpoint);
    });
  }

  /** A component that is being changed is done, or can get no further (`stuck`). */
  private settle(endpoint: EndpointRecord, variant: Variant, component: ComponentRecord, stuck: boolean): void {
    if (component.status !== 'Creating' && component.status !== 'Updating') return;
    if (current(component).some(({ answers }) => !answers)) return;
    const missing = wanted(component) - current(component).length;
    if (missing > 0 && !stuck) return;
    if (missing > 0 && (component.status === 'Creating' || component.previous !== undefined)) {
      component.failureReason = fitsEmpty(component, variant.instanceType) ? NO_ROOM : TOO_LARGE;
      if (component.status === 'Creating') {
        component.copies = [];
        this.enter(component, 'Failed');
      } else {
        restore(component);
        this.enter(component, 'InService');
      }
      this.reconcile(endpoint);
      return;
    }
    if (component.rolling === undefined) this.finish(component);
    else if (!component.rolling.baking) this.bake(endpoint, component, component.rolling);
  }

  /** A batch has come up: it is watched, then the next one comes. Old copies that went meanwhile come back where it has to go back. */
  private bake(endpoint: EndpointRecord, component: ComponentRecord, rolling: Rolling): void {
    rolling.baking = true;
    const end = this.cloud.begin(`inference component ${component.name} is watched`);
    this.cloud.clock.after(0, async () => {
      try {
        const reason = await bakeBatch(this.cloud, rolling);
        if (component.rolling !== rolling) return;
        rolling.baking = false;
        if (reason !== undefined) {
          component.failureReason = reason;
          restore(component);
        } else if (rolling.allowed < component.desiredCopies) rolling.allowed += rolling.batch;
        else delete component.rolling;
        this.reconcile(endpoint);
      } finally {
        end();
      }
    });
  }

  private finish(component: ComponentRecord): void {
    component.copies = current(component);
    delete component.previous;
    this.enter(component, 'InService');
  }
}

/** Copies of what it is to run now; those of before an update stay until these answer. */
const current = ({ copies, generation }: ComponentRecord): Copy[] => copies.filter((copy) => copy.generation === generation);

function drop(component: ComponentRecord, copy: Copy): void {
  component.copies = component.copies.filter((one) => one !== copy);
}

/** Of an update that goes batch by batch, what has come to its turn. */
const wanted = ({ desiredCopies, rolling }: ComponentRecord): number => Math.min(desiredCopies, rolling?.allowed ?? desiredCopies);

/** An update is undone: it found no room for its copies, or an alarm rang. */
function restore(component: ComponentRecord): void {
  Object.assign(component, component.previous);
  component.copies = current(component);
  delete component.previous;
  delete component.rolling;
}

/** Copies too many go: those that do not answer yet first, then the latest. */
function shrink(component: ComponentRecord): void {
  if (component.desiredCopies === 0 || component.status === 'Failed') component.copies = [];
  const tooMany = current(component).length - component.desiredCopies;
  if (tooMany <= 0) return;
  const byAge = current(component).reverse();
  for (const copy of [...byAge.filter(({ answers }) => !answers), ...byAge.filter(({ answers }) => answers)].slice(0, tooMany))
    drop(component, copy);
}
