import { render } from 'preact';
import { createAnnouncer } from '../../../components/ui/LiveRegion.tsx';
import { App } from '../../../components/wizard/App.tsx';
import { createFake } from './fake.ts';
import { states } from './states.ts';

const query = new URLSearchParams(location.search);
const state = states[query.get('state') ?? 'scan-typical'];
const root = document.getElementById('root');
if (!state || !root) throw new Error(`There is no state named ${query.get('state')}.`);
const announcer = createAnnouncer();
const world = state(new Date());
// A test takes a fault away in the middle.
Object.assign(globalThis, { world });
const dependencies = createFake(world, query.has('tab') ? 'tab' : 'panel', announcer);
render(<App dependencies={dependencies} announcer={announcer} />, root);
