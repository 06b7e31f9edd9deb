import type { App } from 'aws-cdk-lib';
import { CatalogueStack } from './lib/catalogue-stack';
import { ThumbnailStack } from './lib/thumbnail-stack';

/** An image that is uploaded gets a thumbnail, an entry in the catalogue, and somebody hears of it. */
export function thumbnailer(app: App): void {
  const catalogue = new CatalogueStack(app, 'Catalogue');
  new ThumbnailStack(app, 'Thumbnailer', { table: catalogue.table });
}
