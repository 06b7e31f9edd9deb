export * from './plan';
export * from './requests';
export { boundsAt, minuteOfWeek } from './week';
export * from './wish';
