// Where the browser is and how it starts: shared by the tests and by shots.mjs.

/** Launch options for the system's Chromium; CORRENTE_CHROMIUM names another one. */
export function chromium() {
  const root = process.getuid?.() === 0;
  return {
    executablePath: process.env.CORRENTE_CHROMIUM ?? '/usr/bin/chromium',
    // Chromium's sandbox refuses to run as root, and /dev/shm is tiny in containers.
    args: [...(root ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
  };
}
