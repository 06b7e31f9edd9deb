import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import type { Area } from '../engine/hunt';
import { outcomeOf } from '../engine/outcome';
import { cases } from './cases';
import type { PatternCase } from './cases';

/** One event against one pattern: matched, not matched, or a pattern that is none. */
export const matching: Area<PatternCase> = {
  name: 'eventbridge: patterns',
  cases,
  runs: 900,
  play: async (side, { event, pattern }) => {
    const input = { Event: JSON.stringify(event), EventPattern: JSON.stringify(pattern) };
    const outcome = await outcomeOf(side.send('eventbridge', new TestEventPatternCommand(input)));
    return [{ operation: 'TestEventPattern', input: { event: (event as { detail: unknown }).detail, pattern }, outcome }];
  },
};
