// The first script of the page: starts the WASM and offers the ECharts chunk, which is fetched only when a chart asks for it.
// It holds no application code; that is Rust, in frontend/src.

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;

// The one thing the Rust side calls: a promise that resolves once `window.echarts` is there. A failed fetch may be tried again.
let charts;
window.correnteCharts = () => {
  charts ??= import('./echarts.js').then(
    (module) => { window.echarts = module; },
    (error) => { charts = undefined; throw error; },
  );
  return charts;
};

// Lists that open under a button (`details.menu`) close as a menu does: by Escape, and by a press anywhere else.
const close = (menu) => { menu.open = false; };
const open = () => [...document.querySelectorAll('details.menu[open]')];
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of open()) {
    close(menu);
    if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
  }
});
addEventListener('pointerdown', (event) => open().filter((menu) => !menu.contains(event.target)).forEach(close));

async function start() {
  const { default: init } = await import(meta('corrente-app'));
  await init({ module_or_path: meta('corrente-wasm') });
}

start().catch((error) => {
  console.error(error);
  const status = document.getElementById('shell-status');
  if (!status) return;
  document.getElementById('shell').removeAttribute('aria-busy');
  status.setAttribute('role', 'alert');
  status.textContent = 'Não foi possível iniciar o Corrente. / Corrente could not start. ';
  const again = document.createElement('button');
  again.textContent = 'Tentar de novo / Try again';
  again.addEventListener('click', () => location.reload());
  status.append(again);
});
