import '../../../components/ui/tokens.css';
import '../../../components/ui/base.css';
import './gallery.css';
import { type ComponentType, render } from 'preact';
import { createAnnouncer, LiveRegion } from '../../../components/ui/LiveRegion.tsx';
import { ChartSection } from './chart.tsx';
import { ControlSection, MessageSection, ProgressSection, StateSection } from './controls.tsx';
import { OverlaySection } from './overlays.tsx';
import { PickerSection } from './pickers.tsx';
import { LargeTableSection, SmallTableSection, TableStateSection } from './tables.tsx';

const announcer = createAnnouncer();
export type Announce = (text: string) => void;

/** Every section by name: `?section=NAME`, `?theme=dark|light`, `?dir=rtl`. */
const sections: Record<string, ComponentType<{ announce: Announce }>> = {
  controls: ControlSection,
  states: StateSection,
  messages: MessageSection,
  progress: ProgressSection,
  overlays: OverlaySection,
  picker: PickerSection,
  table: LargeTableSection,
  'small-table': SmallTableSection,
  'table-states': TableStateSection,
  chart: ChartSection,
};

const parameters = new URLSearchParams(location.search);
const theme = parameters.get('theme');
if (theme) document.documentElement.dataset.theme = theme;
document.documentElement.dir = parameters.get('dir') ?? 'ltr';
const name = parameters.get('section') ?? 'controls';
const Section = sections[name] ?? ControlSection;
const root = document.getElementById('root');
if (root)
  render(
    <main class="gallery ow-gutter" tabIndex={-1}>
      <h1 class="ow-title">{name}</h1>
      <Section announce={(text) => announcer.polite(text)} />
      <LiveRegion announcer={announcer} />
    </main>,
    root,
  );
