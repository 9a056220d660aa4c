import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nftGen } from '../support/cli.ts';

describe('nft-gen schema', () => {
	it.each(['diff', 'check', 'diff-targets', 'config'])('prints the schema that is shipped: %s', async (name) => {
		const run = await nftGen(['schema', name]);
		expect(run).toMatchObject({ code: 0, stderr: '' });
		expect(run.stdout).toBe(readFileSync(`schema/${name}-1.0.schema.json`, 'utf8'));
	});

	it.each([
		['nothing', ['schema'], /missing required argument 'what'/],
		['a command that has none', ['schema', 'render'], /Allowed choices are diff, /],
	])('wants the name of what has one: %s', async (_what, args, message) => {
		const { code, stderr } = await nftGen(args);
		expect(code).toBe(64);
		expect(stderr).toMatch(message);
	});
});
