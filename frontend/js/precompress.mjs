// Makes the glue of the WebAssembly small, whose module syntax Trunk's own minifier does not read, then
// writes FILE.br beside every text file of a folder, at brotli's best quality, for the server to send as it is.
// Usage: node precompress.mjs FOLDER. Prints the bytes that travel before the first chart, and those of the charts.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { transform } from 'esbuild';

const squeeze = promisify(brotliCompress);
const TEXT = /\.(css|html|js|json|mjs|svg|txt|webmanifest)$/;
const folder = process.argv[2];
if (!folder) throw new Error('usage: node precompress.mjs FOLDER');

const names = await readdir(folder, { recursive: true });
await Promise.all(names.filter((name) => name.endsWith('.br')).map((name) => rm(join(folder, name))));

for (const name of names.filter((name) => /^frontend-.*\.js$/.test(name))) {
  const { code } = await transform(await readFile(join(folder, name), 'utf8'), { minify: true, format: 'esm', target: 'es2022' });
  await writeFile(join(folder, name), code);
}

const sizes = await Promise.all(
  names.filter((name) => TEXT.test(name) || name.endsWith('.wasm')).map(async (name) => {
    const bytes = await readFile(join(folder, name));
    const small = await squeeze(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        [constants.BROTLI_PARAM_MODE]: TEXT.test(name) ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC,
      },
    });
    if (small.length < bytes.length) await writeFile(join(folder, `${name}.br`), small);
    return { charts: /chunks\W/.test(name), bytes: Math.min(small.length, bytes.length) };
  }),
);
const sum = (charts) => sizes.filter((file) => file.charts === charts).reduce((total, file) => total + file.bytes, 0);
console.log(`${(sum(false) / 1000).toFixed(0)} kB before the first chart (limit 350), ${(sum(true) / 1000).toFixed(0)} kB for charts (limit 200), brotli`);
