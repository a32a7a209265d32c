import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Colours that people with colour blindness tell apart (Okabe and Ito 2008). */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

const CONFIG = {
  background: 'white',
  font: 'system-ui, "DejaVu Sans", sans-serif',
  axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#e6e6e6', labelLimit: 260 },
  legend: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 260 },
  title: { fontSize: 13, anchor: 'start' },
  view: { stroke: null },
} as const;

/** What a chart says in Vega-Lite, without the look that all charts share. */
export type Chart = Omit<TopLevelSpec, 'config' | '$schema'> & Record<string, unknown>;

/** Draws a chart as SVG text. Throws when the chart is no sound Vega-Lite. */
export async function draw(chart: Chart): Promise<string> {
  const { spec } = compile({ ...chart, config: CONFIG } as TopLevelSpec);
  return new View(parse(spec), { renderer: 'none' }).toSVG();
}
