import type { App } from 'aws-cdk-lib';
import { ApiStack } from './lib/api-stack';
import { DataStack } from './lib/data-stack';
import { ShippingStack } from './lib/shipping-stack';
import { WatchStack } from './lib/watch-stack';
import { WorkflowStack } from './lib/workflow-stack';

/** Orders come in over HTTP, are approved where they are dear, reserved, paid and shipped. */
export function orderWorkflow(app: App): void {
  const data = new DataStack(app, 'OrderData');
  const workflow = new WorkflowStack(app, 'OrderWorkflow', { data });
  const shipping = new ShippingStack(app, 'OrderShipping', { data });
  const api = new ApiStack(app, 'OrderApi', { data });
  new WatchStack(app, 'OrderWatch', {
    machine: workflow.machine,
    functions: [api.place, api.resend, workflow.price, workflow.charge, shipping.ship],
    deadLetters: [workflow.deadLetters, shipping.deadLetters],
  });
}
