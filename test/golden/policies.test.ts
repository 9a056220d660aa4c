import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { compiled } from '../support/compiled.ts';
import { combinationName, combinations, networks, nodes, objects } from './policies.ts';
import { truthTable } from './truth-table.ts';

// `npm run goldens` writes these files anew; read the difference before you commit it.
const FOLDER = 'golden/policies';
const ALL = combinations();

/** What a combination is made of, as a comment: the rules below it are what node n1 gets. */
function inputComment(each: (typeof ALL)[number]): string {
	const yaml = objects(each).map((object) => stringify(object, { lineWidth: 120, collectionStyle: 'any' }));
	const where = 'Rules of node n1. Nodes n1 and n2 are in zone a, n3 and n4 in zone b, with 4 CPUs each.\n';
	return [where, ...yaml]
		.join('---\n')
		.split('\n')
		.map((line) => `# ${line}`.trimEnd())
		.join('\n');
}

describe('every combination of policies', () => {
	it('is there, once: the product of the axes', () => {
		const product = 3 * 5 * 6 + 2 * (3 * 2 * 5 * 6);
		expect(new Set(ALL.map(combinationName)).size).toBe(product);
		expect(readdirSync(FOLDER).filter((file) => file.endsWith('.nft'))).toEqual(
			ALL.map((each) => `${combinationName(each)}.nft`).sort(),
		);
	});

	it.each(ALL.map((each) => [combinationName(each), each] as const))('%s', async (name, each) => {
		const { text } = compiled([...nodes(), networks(), ...objects(each)]);
		await expect(`${inputComment(each)}\n${text}`).toMatchFileSnapshot(`../../${FOLDER}/${name}.nft`);
	});

	it('makes one page of truth', async () => {
		await expect(truthTable()).toMatchFileSnapshot(`../../${FOLDER}/README.md`);
	});
});
