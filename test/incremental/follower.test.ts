import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/compile/assemble.ts';
import { newFollower } from '../../src/incremental/follower.ts';
import type { ObjectChange } from '../../src/incremental/objects.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import type { PortProgram, TableProgram } from '../../src/model/program.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compileNode } from '../../src/pipeline.ts';
import { arbitraryService, nodes } from '../support/arbitrary-cluster.ts';
import { come, leave, nameOf } from '../support/changes.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';

type Fields = Record<string, unknown>;

/** What somebody who follows knows of the tables. */
function newTables() {
	const frames = new Map<IpFamily, TableProgram['frame']>();
	const ports = new Map<IpFamily, Map<string, PortProgram>>();
	const follow = ({ tables: updates }: ReturnType<ReturnType<typeof newFollower>['update']>) => {
		for (const { family, frame, ports: changed } of updates) {
			frames.set(family, frame);
			const all = ports.get(family) ?? new Map<string, PortProgram>();
			ports.set(family, all);
			for (const [name, program] of changed) {
				if (program === null) all.delete(name);
				else all.set(name, program);
			}
		}
	};
	const tables = () =>
		[...frames].map(([family, frame]) => {
			const programs = [...(ports.get(family)?.values() ?? [])];
			return withSortedChains(assemble({ frame, ports: programs }));
		});
	return { follow, tables };
}

function withSortedChains(table: ReturnType<typeof assemble>) {
	return { ...table, chains: [...table.chains].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Follows steps of changes; after each the follower must know what compiling the whole cluster gives. */
function expectSame(steps: readonly (readonly ObjectChange[])[], changes: Partial<Settings> = {}): void {
	const wanted = settings(changes);
	const follower = newFollower(wanted);
	const { follow, tables } = newTables();
	const cluster = new Map<string, Fields>();
	for (const step of steps) {
		for (const { kind, name, value } of step) {
			if (value === null) cluster.delete(`${kind} ${name}`);
			else cluster.set(`${kind} ${name}`, value);
		}
		follow(follower.update(step));
		const { ruleset, problems } = compileNode(documents(...cluster.values()), wanted);
		if (ruleset === null) continue;
		expect(tables()).toEqual(ruleset.tables.map(withSortedChains));
		const sentences = (list: typeof problems) => new Set(list.map(({ object, sentence }) => `${object}: ${sentence}`));
		const ofServices = new Set([...sentences(problems)].filter((text) => text.startsWith('Service ')));
		const told = new Set([...sentences(follower.problems())].filter((text) => text.startsWith('Service ')));
		expect([...ofServices].filter((text) => !told.has(text) && !text.includes('it takes traffic'))).toEqual([]);
	}
}

const POOL = fc.tuple(...[1, 2, 3, 4].map((number) => fc.tuple(arbitraryService(number), arbitraryService(number))));

/** Steps over a pool of Services in two versions each: come, change, leave, with their slices one by one; and nodes. */
const steps = POOL.chain((pool) => {
	const objects = [...pool.flat(2), node(1, 'a'), node(1, 'b'), node(2, 'a'), node(3, 'b'), node(4, null)];
	const change = fc
		.constantFrom(...objects)
		.chain((object) => fc.constantFrom(come(object), come(object), leave(object)));
	return fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 12 });
});

describe('following a cluster', () => {
	it('gives, after every change, what compiling the whole cluster gives', () => {
		fc.assert(
			fc.property(steps, fc.constantFrom<Settings['hints']>('as-is', 'missing'), (list, hints) => {
				const start = nodes().map((object) => come(object as Fields));
				expectSame([start, ...list], { hints });
			}),
			{ numRuns: 150 },
		);
	}, 60_000);

	it('settles anew what several Services claim, whoever of them changes', () => {
		const claim = (name: string, ip: string, created: string) =>
			service(name, [ip], { metadata: { creationTimestamp: created }, spec: { externalIPs: ['198.51.100.7'] } });
		const [a, b, c] = [
			claim('a', '10.96.0.1', '2024-01-03T00:00:00Z'),
			claim('b', '10.96.0.2', '2024-01-02T00:00:00Z'),
			claim('c', '10.96.0.3', '2024-01-01T00:00:00Z'),
		];
		const backend = (name: string) => slice(name, [endpoint({ address: '10.244.1.5', node: 'n1' })]);
		expectSame([
			[node(1, 'a'), ...[a, b, c].flatMap((each) => [each, backend(nameOf(each).slice(5))])].map((each) => come(each)),
			[leave(c)],
			[come(c), leave(a)],
			[leave(b), come(a)],
			[leave(c)],
		]);
	});

	it('fault 20: a slice that comes before its Service, or without one, makes no rule and is not lost', () => {
		const backend = (name: string) => slice(name, [endpoint({ address: '10.244.1.5', node: 'n1' })]);
		expectSame([
			[node(1, 'a'), backend('web'), backend('nobody')].map(come),
			[come(service('web', ['10.96.0.1']))],
			[leave(service('web', []))],
			[come(service('web', ['10.96.0.2']))],
		]);
	});

	it('drops an endpoint as soon as another Service has its address as ClusterIP, and takes it back', () => {
		const other = service('other', ['10.96.0.99']);
		expectSame([
			[
				node(1, 'a'),
				service('web', ['10.96.0.1']),
				slice('web', [endpoint({ address: '10.96.0.99', node: 'n1' })]),
			].map(come),
			[come(other)],
			[leave(other)],
		]);
	});

	it('fault 22: moves a slice from one Service to another by its label', () => {
		const backend = (name: string) =>
			slice(name, [endpoint({ address: '10.244.1.5', node: 'n1' })], { name: 'moving' });
		expectSame([
			[node(1, 'a'), service('a', ['10.96.0.1']), service('b', ['10.96.0.2']), backend('a')].map(come),
			[come(backend('b'))],
			[leave(backend('b'))],
		]);
	});

	it('compiles nothing for an object that is as it was, and nothing but the Service that changed', () => {
		const follower = newFollower(settings({ hints: 'as-is' }));
		const many = [1, 2, 3].map((number) => service(`s${number}`, [`10.96.0.${number}`]));
		follower.update([node(1, 'a'), ...many].map(come));
		const touched = (changes: readonly ObjectChange[]) =>
			follower.update(changes).tables.flatMap(({ ports }) => [...ports.keys()]);
		expect(touched(many.map(come))).toEqual([]);
		expect(touched([come(slice('s2', [endpoint({ address: '10.244.1.5', node: 'n1' })]))])).toEqual(['shop/s2:http']);
		expect(touched([come({ ...node(1, 'a'), extra: 1 })])).toEqual([]);
	});
});
