import { render } from 'preact';
import { createAnnouncer } from '../../../components/ui/LiveRegion.tsx';
import { App } from '../../../components/wizard/App.tsx';
import { read } from '../../tools/reading.ts';
import { itemsOf, members } from './data.ts';
import { connection, createFake, unreadable } from './fake.ts';
import { press, refusals } from './pages.ts';
import { states } from './states.ts';

const root = document.getElementById('root');
let shown = new AbortController();

/** Shows the state that a search string names, in place of the one before: loading the page anew costs more than all. */
function show(search: string): void {
  const query = new URLSearchParams(search);
  const state = states[query.get('state') ?? 'scan-typical'];
  if (!state || !root) throw new Error(`There is no state named ${query.get('state')}.`);
  shown.abort();
  shown = new AbortController();
  render(null, root);
  const announcer = createAnnouncer();
  const world = state(new Date());
  const reading = read(query.get('language') ?? 'en');
  Object.assign(document.documentElement, { lang: reading.locale, dir: reading.direction });
  // A test takes a fault away in the middle, and tells data from texts.
  const items = (world.run?.categories ?? []).flatMap((given) =>
    itemsOf('', { ...given, count: Math.min(given.count ?? 0, 300) }),
  );
  Object.assign(globalThis, {
    world,
    data: [world, members, items, connection, refusals, unreadable, 'app.example.com', 'emea.example.com'],
  });
  const dependencies = createFake(world, query.has('tab') ? 'tab' : 'panel', announcer, reading);
  render(<App dependencies={dependencies} announcer={announcer} />, root);
  void press(world, shown.signal);
}

Object.assign(globalThis, { show });
show(location.search);
