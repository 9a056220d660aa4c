import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import { readManifests } from '../../src/host/manifests/manifests.ts';
import { compileNode } from '../../src/pipeline.ts';
import { render } from '../../src/render/render.ts';
import { showBy } from '../../src/render/templates.ts';
import { settings } from '../support/objects.ts';

// `npm run goldens` writes these files anew; read the difference before you commit it.
const FOLDER = 'golden/scenarios/shop';
const NODES = ['n1', 'n2', 'n3'];

const show = showBy(await builtInTemplates());
const { documents, problems } = await readManifests(['examples/shop'], process.stdin);

describe('the example shop', () => {
	it('is flawless input', () => {
		expect([...problems, ...compileNode(documents, settings()).problems]).toEqual([]);
	});

	it.each(NODES)('renders for %s as it did before', async (node) => {
		const { ruleset } = compileNode(documents, settings({ node }));
		if (ruleset === null) throw new Error(`no rules for ${node}`);
		await expect(render(ruleset, show)).toMatchFileSnapshot(`../../${FOLDER}/${node}.nft`);
	});

	it('has a golden file for each node and no other', () => {
		expect(readdirSync(FOLDER).sort()).toEqual(NODES.map((node) => `${node}.nft`));
	});
});
