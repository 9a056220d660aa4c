import { readFileSync } from 'node:fs';
import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import { compile } from '../../src/compile/compile.ts';
import { readCluster } from '../../src/pipeline.ts';
import { render } from '../../src/render/render.ts';
import { showBy } from '../../src/render/templates.ts';
import { nodeView } from '../../src/view/node-view.ts';
import { SETTINGS } from '../settings.ts';

// A process of its own, as `render` is, so that code has not run before: node --import tsx compile-render.ts STATE-FILE
// Reads the cluster, then prints the seconds that the rest takes (what a node uses, its rules, their text) and, in 10^6 bytes,
// the memory it has.

const [file = ''] = process.argv.slice(2);
const show = showBy(await builtInTemplates());
const { state } = readCluster([{ file, index: 0, value: JSON.parse(readFileSync(file, 'utf8')) }], SETTINGS);
const start = performance.now();
const { view } = nodeView(state, SETTINGS);
if (view === null) throw new Error(`${file} has no node ${SETTINGS.node}`);
render(compile(view), show);
const seconds = (performance.now() - start) / 1000;
process.stdout.write(`${seconds} ${process.memoryUsage.rss() / 1e6}\n`);
