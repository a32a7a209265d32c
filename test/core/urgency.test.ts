import { expect, test } from 'vitest';
import { mostUrgent } from '../../src/core/urgency.ts';

test('crisis outranks an emergency', () => {
  expect(mostUrgent(['urgent', 'crisis', 'emergency'])).toBe('crisis');
});

test('nothing heard is no urgency', () => {
  expect(mostUrgent([])).toBe('none');
});
