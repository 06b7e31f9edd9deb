import { type Construct, DependencyGroup, type IDependable } from 'constructs';
import { endpointArnOf } from './endpoint-arn';
import { MeasuredEndpoint } from './measured-endpoint';
import { EndpointMode, type ServedComponent, type ServedVariant } from './model-endpoint-ref';

/** What is known of an endpoint that was made elsewhere. */
export interface ModelEndpointAttributes {
  /** Name of the endpoint. */
  readonly endpointName: string;

  /** Its production variants, at least one. */
  readonly variants: ServedVariant[];

  /**
   * How it serves.
   *
   * @default EndpointMode.REAL_TIME
   */
  readonly mode?: EndpointMode;

  /**
   * Its inference components.
   *
   * @default - none
   */
  readonly components?: ServedComponent[];
}

/** An endpoint that was made elsewhere: it stands, and nothing here changes it. */
export class FoundEndpoint extends MeasuredEndpoint {
  override readonly endpointName: string;
  override readonly endpointArn: string;
  override readonly endpointConfigName?: string = undefined;
  override readonly mode: EndpointMode;
  override readonly variants: ServedVariant[];
  override readonly components: ServedComponent[];
  override readonly inService: IDependable = new DependencyGroup();

  constructor(scope: Construct, id: string, props: ModelEndpointAttributes) {
    super(scope, id);
    const { endpointName, variants, mode, components } = props;
    if (variants.length === 0) {
      throw new Error(`variants of ${endpointName} are none: name its production variants, such as [{ variantName: 'AllTraffic' }].`);
    }
    this.endpointName = endpointName;
    this.endpointArn = endpointArnOf(this, endpointName);
    this.mode = mode ?? EndpointMode.REAL_TIME;
    this.variants = variants;
    this.components = components ?? [];
  }

  /** Whoever updates it does so without this stack. */
  override updateAfter(): void {}
}
