// ECharts with the charts and parts the dashboard uses and nothing else: every line here is weight on the wire.
// Adding a chart type means adding it here; charming's builders fail silently for a type that is not registered.
import { use, init, getInstanceByDom, connect, registerLocale } from 'echarts/core';
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent, DataZoomInsideComponent, DataZoomSliderComponent, GridComponent, LegendComponent,
  MarkAreaComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapContinuousComponent,
} from 'echarts/components';
import { LabelLayout, UniversalTransition } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import langPtBr from 'echarts/i18n/langPT-br-obj.js';

use([
  BarChart, HeatmapChart, LineChart, ScatterChart,
  AriaComponent, DataZoomInsideComponent, DataZoomSliderComponent, GridComponent, LegendComponent,
  MarkAreaComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapContinuousComponent,
  LabelLayout, UniversalTransition, CanvasRenderer,
]);
registerLocale('PT-BR', langPtBr);

export { init, getInstanceByDom, connect };
