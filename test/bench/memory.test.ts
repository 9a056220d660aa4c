import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { type Peaks, watchMemory } from '../../bench/measure/memory.ts';

/** Has much memory itself, and starts small programs: for an instant each has the memory of the large one. */
const LARGE_WITH_SMALL_CHILDREN = `
const kept = Buffer.alloc(150e6, 1);
for (let i = 0; i < 60; i++) require('node:child_process').spawnSync('sleep', ['0.005']);
process.exit(kept[0] - 1);`;

async function peaksOf(script: string): Promise<Peaks> {
	const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
	const memory = watchMemory(child.pid ?? 0);
	await once(child, 'exit');
	memory.stop();
	return memory.peaks();
}

it('tells the memory of a program from that of what it starts', async () => {
	const { own, child } = await peaksOf(LARGE_WITH_SMALL_CHILDREN);
	expect(own).toBeGreaterThan(150);
	expect(child).toBeGreaterThan(0);
	expect(child).toBeLessThan(50);
});
