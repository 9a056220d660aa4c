import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { inputComment } from './input-comment.ts';
import { ABOUT_NODES, combinationName, combinations, networks, nodes, objects } from './policies.ts';
import { truthTable } from './truth-table.ts';

// `npm run goldens` writes these files anew; read the difference before you commit it.
const FOLDER = 'golden/policies';
const ALL = combinations();

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
		await expect(`${inputComment(ABOUT_NODES, objects(each))}\n${text}`).toMatchFileSnapshot(
			`../../${FOLDER}/${name}.nft`,
		);
	});

	it('makes one page of truth', async () => {
		await expect(truthTable()).toMatchFileSnapshot(`../../${FOLDER}/README.md`);
	});
});
