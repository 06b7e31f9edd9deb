export { createCaptureReader } from './capture-reader';
export { createCellReader } from './cell-reader';
export { createRecordReader } from './records';
export { readTable } from './table';
export type * from './types';
