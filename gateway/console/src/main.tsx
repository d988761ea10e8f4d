import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme, storedTheme } from './theme.ts';
import 'uplot/dist/uPlot.min.css';
import './style/base.css';
import './style/parts.css';
import './style/views.css';
import './style/work.css';

const root = document.getElementById('app');
if (root) {
  applyTheme(storedTheme());
  root.textContent = '';
  render(<App />, root);
}
