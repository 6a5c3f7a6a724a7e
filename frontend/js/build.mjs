// Bundles src/ into dist/: before-paint.js and boot.js, which Trunk hashes and puts into the page, and chunks/, which it
// copies; esbuild names those by their content itself. Run by `cargo xtask run`, or by hand with `npm run build`.
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
const common = { outdir: 'dist', bundle: true, target: 'es2022', minify: true, legalComments: 'none', metafile: true, logLevel: 'warning' };
const results = [
  // A plain script, which holds up the first paint on purpose.
  await build({ ...common, entryPoints: ['src/before-paint.js'], format: 'iife' }),
  await build({
    ...common,
    entryPoints: ['src/boot.js'],
    splitting: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    chunkNames: 'chunks/[name]-[hash]',
  }),
];
for (const [file, { bytes }] of results.flatMap(({ metafile }) => Object.entries(metafile.outputs))) {
  console.log(`${file} ${(bytes / 1000).toFixed(0)} kB`);
}
