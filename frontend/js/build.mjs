// Bundles src/ into dist/: before-paint.js and boot.js, which Trunk hashes and puts into the page, and chunks/, which it
// copies; esbuild names those by their content itself. Run by `cargo xtask run`, or by hand with `npm run build`.
import { build } from 'esbuild';
import { readFile, rm, writeFile } from 'node:fs/promises';

// GraphiQL's sheet brings two typefaces as data, which our policy would refuse and our own sheet does not ask for.
const withoutFonts = {
  name: 'without-fonts',
  setup: ({ onLoad }) => onLoad({ filter: /graphiql\.css$/ }, async ({ path }) => ({
    contents: (await readFile(path, 'utf8')).replace(/@font-face\s*\{[^}]*\}/g, ''),
    loader: 'css',
  })),
};

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
  // A page of its own, for analysts: nobody else fetches any of it.
  await build({
    ...common,
    entryPoints: { graphiql: 'src/graphiql/main.jsx' },
    format: 'esm',
    jsx: 'automatic',
    loader: { '.graphql': 'text' },
    plugins: [withoutFonts],
    alias: { 'react-style-singleton': './src/graphiql/style-singleton.js' },
    define: { 'process.env.NODE_ENV': '"production"' },
    entryNames: 'chunks/[name]-[hash]',
  }),
];
const outputs = Object.keys(results.at(-1).metafile.outputs).map((file) => file.replace(/^dist/, ''));
const named = (end) => outputs.find((file) => file.endsWith(end));
const page = await readFile('src/graphiql/page.html', 'utf8');
await writeFile('dist/chunks/graphiql.html', page.replace('{style}', named('.css')).replace('{script}', named('.js')));
for (const [file, { bytes }] of results.flatMap(({ metafile }) => Object.entries(metafile.outputs))) {
  console.log(`${file} ${(bytes / 1000).toFixed(0)} kB`);
}
