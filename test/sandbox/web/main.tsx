import { render } from 'preact';
import { App } from './app.tsx';
import { followLocation } from './core/location.ts';
import './styles/index.css';

const root = document.getElementById('app');
if (root) {
  followLocation();
  render(<App />, root);
}
