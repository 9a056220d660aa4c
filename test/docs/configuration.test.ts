import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { keysAt } from '../../src/config/shape.ts';

const PAGE = readFileSync('docs/configuration.md', 'utf8');

describe('the page about nft-gen.yaml', () => {
	it('has an example that is right', () => {
		const [, example = ''] = /```yaml\n(.*?)```/s.exec(PAGE) ?? [];
		expect(readConfig(example, 'nft-gen.yaml')).toMatchObject({ targets: [{ name: 'prod' }, { name: 'test' }] });
	});

	it('names every key, and no other', () => {
		const table = PAGE.slice(PAGE.indexOf('## Keys'), PAGE.indexOf('Paths count'));
		const cells = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
		const named = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, key]) => key));
		expect([...named].sort()).toEqual([...keysAt(['targets', 0])].sort());
	});
});
