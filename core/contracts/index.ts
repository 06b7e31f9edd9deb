export * from './arms';
export * from './control';
export * from './evidence';
export * from './ledger-keys';
export * from './observation';
export * from './release';
export * from './step';
export * from './workflow';
