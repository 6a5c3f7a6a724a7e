// Runs before the first paint: the appearance the reader chose, which frontend/src/theme.rs stores, so that a forced theme does not flash.
try {
  const chosen = localStorage.getItem('corrente.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing follows the system.
}
