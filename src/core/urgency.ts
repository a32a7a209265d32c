/** How soon a person should be seen. `crisis` = thoughts of suicide or self-harm. Levels as in the clinical reference, section 2. */
export type Urgency = 'none' | 'routine' | 'urgent' | 'emergency' | 'crisis';

/** All levels, the least pressing first. */
export const URGENCIES = ['none', 'routine', 'urgent', 'emergency', 'crisis'] as const;

/** The place of a level in the order of precedence, 0 (none) to 4 (crisis). */
export const rankOf = (level: Urgency): number => URGENCIES.indexOf(level);

/** Whether `level` presses at least as much as `floor`. */
export const isAtLeast = (level: Urgency, floor: Urgency): boolean => rankOf(level) >= rankOf(floor);

/** The most pressing of some levels; `none` when there are none. */
export const mostUrgent = (levels: Iterable<Urgency>): Urgency => {
  let top: Urgency = 'none';
  for (const level of levels) if (rankOf(level) > rankOf(top)) top = level;
  return top;
};
