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
