import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nftGen } from '../support/cli.ts';

describe('nft-gen schema', () => {
	it('prints the schema that is shipped', async () => {
		const run = await nftGen(['schema', 'diff']);
		expect(run).toMatchObject({ code: 0, stderr: '' });
		expect(run.stdout).toBe(readFileSync('schema/diff-1.0.schema.json', 'utf8'));
	});

	it.each([
		['no command', ['schema'], /missing required argument 'command'/],
		['a command that has none', ['schema', 'render'], /Allowed choices are diff\./],
	])('wants the name of a command: %s', async (_what, args, message) => {
		const { code, stderr } = await nftGen(args);
		expect(code).toBe(64);
		expect(stderr).toMatch(message);
	});
});
