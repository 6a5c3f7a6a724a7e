// Bundles src/ into dist/: boot.js, which Trunk hashes and puts into the page, and chunks/, which it copies;
// esbuild names those by their content itself. Run by `cargo xtask run`, or by hand with `npm run build`.
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: ['src/boot.js'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
});
for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  console.log(`${file} ${(bytes / 1000).toFixed(0)} kB`);
}
