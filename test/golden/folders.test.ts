import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ADDRESSES } from './cases/addresses.ts';
import { AFFINITY } from './cases/affinity.ts';
import { FAMILIES } from './cases/families.ts';
import { SOURCE_RANGES } from './cases/source-ranges.ts';
import { VERSIONS } from './cases/versions.ts';
import { type GoldenCase, goldenFile } from './golden-case.ts';

// `npm run goldens` writes these files anew; read the difference before you commit it.
const FOLDERS: Readonly<Record<string, readonly GoldenCase[]>> = {
	addresses: ADDRESSES,
	affinity: AFFINITY,
	families: FAMILIES,
	'source-ranges': SOURCE_RANGES,
	versions: VERSIONS,
};

/** They have tests of their own. */
const OTHER_FOLDERS = ['policies', 'scenarios'];

describe.each(Object.entries(FOLDERS))('golden/%s', (folder, cases) => {
	it.each(cases.map((each) => [each.name, each] as const))('%s', async (name, each) => {
		const { content, problems } = goldenFile(each);
		expect(problems).toEqual(each.problems ?? []);
		await expect(content).toMatchFileSnapshot(`../../golden/${folder}/${name}.nft`);
	});

	it('holds a file for each case and no other', () => {
		expect(readdirSync(`golden/${folder}`).sort()).toEqual(cases.map(({ name }) => `${name}.nft`).sort());
	});
});

describe('golden', () => {
	it('holds no folder that no test makes', () => {
		expect(readdirSync('golden').sort()).toEqual([...Object.keys(FOLDERS), ...OTHER_FOLDERS].sort());
	});
});
