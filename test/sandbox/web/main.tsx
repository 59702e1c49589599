import { render } from 'preact';
import { App } from './app.tsx';
import { followLocation } from './core/location.ts';
import '@fontsource-variable/figtree/wght.css';
import './styles/index.css';

const root = document.getElementById('app');
if (root) {
  followLocation();
  render(<App />, root);
}
