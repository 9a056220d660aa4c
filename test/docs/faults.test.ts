import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const FAULTS = Array.from({ length: 80 }, (_, index) => index + 1);

function testFiles(folder: string): readonly string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return testFiles(path);
		return entry.name.endsWith('.test.ts') ? [path] : [];
	});
}

it('every fault has a test that names it, or a sentence that says why it needs none', () => {
	const tested = new Set<number>();
	for (const file of testFiles('test')) {
		for (const [, numbers = ''] of readFileSync(file, 'utf8').matchAll(/\bfaults? ((?:\d+(?:, | and |[-–])?)+)/g)) {
			for (const [, first, last] of numbers.matchAll(/(\d+)(?:[-–](\d+))?/g)) {
				for (let fault = Number(first); fault <= Number(last ?? first); fault++) tested.add(fault);
			}
		}
	}
	const told = new Set(
		[...readFileSync('docs/faults.md', 'utf8').matchAll(/^\| (\d+)\. /gm)].map(([, fault]) => Number(fault)),
	);
	expect(FAULTS.filter((fault) => !tested.has(fault) && !told.has(fault))).toEqual([]);
	expect(FAULTS.filter((fault) => tested.has(fault) && told.has(fault))).toEqual([]);
});
