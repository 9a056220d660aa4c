import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRulesets } from '../../src/all-nodes/all-rulesets.ts';
import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import type { NetworkSettings } from '../../src/model/settings.ts';
import { compileNode, readCluster } from '../../src/pipeline.ts';
import { render } from '../../src/render/render.ts';
import { showBy, showKeeping } from '../../src/render/templates.ts';
import { behaviourOf, releases } from '../../src/versions/behaviour.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';

const TEMPLATES = await builtInTemplates();

/** What differs from settings that are usual. */
type Changes = Partial<NetworkSettings>;

function expectSame(objects: readonly Record<string, unknown>[], changes: Changes): void {
	const input = documents(...objects);
	const network = settings(changes);
	const cluster = readCluster(input, network);
	const keeping = showKeeping(TEMPLATES);
	const plain = showBy(TEMPLATES);
	for (const { ruleset, problems } of allRulesets(cluster.state, network)) {
		const alone = compileNode(input, { ...network, node: ruleset.node });
		expect(ruleset).toEqual(alone.ruleset);
		expect([...cluster.problems, ...problems]).toEqual(alone.problems);
		expect(render(ruleset, keeping)).toBe(alone.ruleset === null ? '' : render(alone.ruleset, plain));
	}
}

const arbitraryChanges: fc.Arbitrary<Changes> = fc.record({
	behaviour: fc.constantFrom(...releases()).map((release) => behaviourOf(release)),
	hints: fc.constantFrom('as-is', 'missing', 'controller'),
	masqueradeAll: fc.boolean(),
	detectLocal: fc.constantFrom<NetworkSettings['detectLocal']>(
		{ mode: 'cluster-cidr' },
		{ mode: 'node-cidr' },
		{ mode: 'bridge', interface: 'cni0' },
		{ mode: 'none' },
	),
});

describe('the rules of all nodes', () => {
	it('are those of each node by itself, to the byte', () => {
		fc.assert(
			fc.property(arbitraryCluster, arbitraryChanges, (objects, changes) => expectSame(objects.flat(), changes)),
			{ numRuns: 300 },
		);
	});

	it('share what nodes have in common', () => {
		const objects = [
			...[1, 2, 3].map((number) => node(number, 'a')),
			service('web', ['10.96.0.20']),
			slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })]),
			service('api', ['10.96.0.21']),
			slice('api', [endpoint({ address: '10.244.9.5' })]),
		];
		const { state } = readCluster(documents(...objects), settings());
		const tables = [...allRulesets(state, settings())].map(({ ruleset }) => ruleset.tables[0]);
		const [first, second, third] = tables.map((table) => ({
			chain: table?.chains.find(({ name }) => name === 'cluster/shop/web/http'),
			services: table?.maps.find(({ name }) => name === 'services'),
			hairpin: table?.sets.find(({ name }) => name === 'hairpin'),
		}));
		expect(first?.chain).toBeDefined();
		for (const other of [second, third]) {
			expect(other?.chain).toBe(first?.chain);
			expect(other?.services).toBe(first?.services);
		}
		expect(third?.hairpin).toBe(second?.hairpin);
		expect(first?.hairpin).not.toEqual(second?.hairpin);
	});
});
