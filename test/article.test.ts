import { expect, test } from 'vitest';
import { bodyOf } from '../src/core/article.ts';
import { brain } from './brain.ts';
import { gradeOf } from './grade.ts';

/** Facts of the source article, by topic: each word or pair of words must stand in the passage. */
const FACTS: Readonly<Record<string, readonly string[]>> = {
  form: ['lean', 'hunch', 'overstride', 'muscles', 'ligaments', 'overworked', 'inflamed'],
  core: ['abs', 'obliques', 'lower back muscles', 'tired', 'tension', 'planks', 'bridges', 'Pilates'],
  'hip-flexors': ['thighs', 'pelvis', 'sit', 'stretch', 'pull', 'dynamic stretches', 'foam rolling'],
  impact: ['shock', 'legs and feet', 'microtrauma', 'muscles', 'joints', 'discs', 'shoes', 'grass', 'trails'],
  overuse: ['too fast', 'muscle strains', 'stress fractures', 'recover', 'Listen to your body', 'rest days'],
  pelvis: ['anterior', 'posterior', 'curve', 'physical therapist', 'chiropractor'],
  'hydration-nutrition': ['cramp', 'electrolytes', 'protein', 'anti-inflammatory', 'balanced diet'],
  stress: ['anxiety', 'muscles', 'mindfulness', 'meditation', 'deep breathing'],
  medical: [
    'herniated disc',
    'sciatica',
    'arthritis',
    'spinal stenosis',
    'severe',
    'persistent',
    'numbness',
    'tingling',
    'professional',
  ],
  footwear: ['worn out', 'fit', 'gait', 'supportive', 'orthotics'],
  'faq-treadmill': ['same movement', 'incline', 'form'],
  'faq-prevention': ['posture', 'core', 'stretch', 'gradual', 'shoes'],
  'faq-stop': ['Mild', 'rest', 'stretching', 'severe', 'break', 'healthcare provider'],
  'faq-stretches': ['cat-cow', "child's pose", 'hamstring', 'Yoga'],
  'faq-strength': ['core', 'glutes', 'lower back', 'stable', 'risk'],
  causes: [
    'nuisance',
    'form',
    'core',
    'hip flexors',
    'impact',
    'Overuse',
    'pelvis',
    'water',
    'Stress',
    'illness',
    'Shoes',
  ],
};

test.each(Object.entries(FACTS))('the passage on %s keeps every fact of the source', (topic, facts) => {
  const passage = brain.passages.get(topic);
  const body = `${passage?.title}\n${passage && bodyOf(passage)}`;
  expect(facts.filter((f) => !body.toLowerCase().includes(f.toLowerCase()))).toEqual([]);
});

test.each([...brain.passages.keys()])('the passage on %s reads at grade 8 or lower', (topic) => {
  const passage = brain.passages.get(topic);
  expect(gradeOf(passage ? bodyOf(passage) : '')).toBeLessThanOrEqual(8);
});
