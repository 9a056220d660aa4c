import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyNft } from '../../src/host/nft/nft.ts';
import { listTableText } from '../../src/host/nft/table-text.ts';
import { IP_FAMILIES, type IpFamily } from '../../src/model/ip.ts';
import type { Ruleset, Table } from '../../src/model/ruleset.ts';
import { asListedByBoth } from '../../src/readback/spelling.ts';
import { ADDRESSES } from '../golden/cases/addresses.ts';
import { AFFINITY } from '../golden/cases/affinity.ts';
import { FAMILIES } from '../golden/cases/families.ts';
import { SOURCE_RANGES } from '../golden/cases/source-ranges.ts';
import { VERSIONS } from '../golden/cases/versions.ts';
import { goldenRuleset } from '../golden/golden-case.ts';
import { combinationName, combinations, networks, nodes, objects } from '../golden/policies.ts';
import { LISTED_RULES } from '../readback/listed-rules.ts';
import { compiled, rendered, show } from '../support/compiled.ts';
import { type OneNamespace, openNamespace } from './one-namespace.ts';
import { describeKernel } from './requirements.ts';
import { isListedAsExpected } from './table-text.ts';

/** What the listed rules need in their table. */
function surroundings(family: IpFamily): readonly string[] {
	return [
		`add set ${family} listed some { typeof ${family} daddr; }`,
		`add set ${family} listed pairs { typeof ${family} saddr . ${family} daddr . meta l4proto . th dport; }`,
		`add set ${family} listed clients { typeof ${family} saddr; flags dynamic,timeout; timeout 60s; }`,
		`add map ${family} listed where { typeof ${family} daddr . meta l4proto . th dport : verdict; }`,
		`add chain ${family} listed other`,
		`add chain ${family} listed every`,
	];
}

describeKernel('a table that nft lists as text', () => {
	let namespace: OneNamespace;
	beforeAll(async () => {
		namespace = await openNamespace();
	});
	afterAll(() => {
		namespace.close();
	});

	const load = async (text: string) =>
		expect(await applyNft(text, namespace.options)).toMatchObject({ outcome: 'done' });

	async function unexpected({ tables }: Ruleset): Promise<readonly Table[]> {
		const found = await Promise.all(
			tables.map(async (table) => ((await isListedAsExpected(table, namespace.options)) ? [] : [table])),
		);
		return found.flat();
	}

	it.each(IP_FAMILIES)('has rules as we expect them: %s', async (family) => {
		const rules = LISTED_RULES.filter((each) => each.family === family);
		const added = rules.map(({ rule }) => `add rule ${family} listed every ${show(rule, family)}`);
		await load([`add table ${family} listed`, ...surroundings(family), ...added].join('\n'));
		const pieces: Buffer[] = [];
		await listTableText(family, 'listed', (piece) => pieces.push(piece), namespace.options);
		const [, lines = ''] = Buffer.concat(pieces).toString().split('\tchain every {\n');
		expect(lines.split('\n').slice(0, rules.length).map(asListedByBoth)).toEqual(
			rules.map(({ text }) => `\t\t${text}`),
		);
	});

	describe.each(Object.entries({ ADDRESSES, AFFINITY, FAMILIES, SOURCE_RANGES, VERSIONS }))(
		'is what we expect without JSON: %s',
		(_folder, cases) => {
			it.each(cases.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
				const { ruleset, text } = goldenRuleset(each);
				await load(text);
				expect(await unexpected(ruleset)).toEqual([]);
			});
		},
	);

	it('is what we expect without JSON, whatever the policies', async () => {
		const seen: string[] = [];
		for (const each of combinations().filter((_, index) => index % 7 === 0)) {
			const { ruleset } = compiled([...nodes(), networks(), ...objects(each)]);
			await load(rendered(ruleset));
			if ((await unexpected(ruleset)).length > 0) seen.push(combinationName(each));
		}
		expect(seen).toEqual([]);
	});
});
