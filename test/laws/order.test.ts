import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Document } from '../../src/model/document.ts';
import { compileNode } from '../../src/pipeline.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { rendered } from '../support/compiled.ts';
import { settings } from '../support/objects.ts';

type Fields = Readonly<Record<string, unknown>>;

function textOf(documents: readonly Document[]): string {
	const { ruleset } = compileNode(documents, settings());
	return ruleset === null ? '' : rendered(ruleset);
}

/** Another definition of an object: an equal one, one with other content, one that is newer. */
function another(object: Fields, kind: 'same' | 'other' | 'newer'): Fields {
	const copy = structuredClone(object) as Record<string, Record<string, unknown>>;
	if (kind === 'same') return Object.fromEntries(Object.entries(copy).reverse());
	const spec = {
		...copy.spec,
		sessionAffinity: 'ClientIP',
		internalTrafficPolicy: 'Local',
		podCIDRs: ['10.99.0.0/24'],
	};
	const metadata = { ...copy.metadata, ...(kind === 'newer' ? { resourceVersion: '99' } : {}) };
	return { ...copy, metadata, spec, endpoints: [] };
}

/** Objects with rivals (all Services at one external address) and doubles. */
const crowd: fc.Arbitrary<readonly Fields[]> = fc
	.record({
		cluster: arbitraryCluster,
		rivals: fc.boolean(),
		doubles: fc.array(fc.tuple(fc.nat(), fc.constantFrom('same', 'other', 'newer')), { maxLength: 4 }),
	})
	.map(({ cluster, rivals, doubles }) => {
		const objects: readonly Fields[] = cluster.flat().map((object) => {
			const spec = (object as Record<string, Fields>).spec;
			if (!rivals || object.kind !== 'Service') return object;
			return { ...object, spec: { ...spec, externalIPs: ['198.51.100.99'] } };
		});
		return [...objects, ...doubles.map(([at, kind]) => another(objects[at % objects.length] ?? {}, kind))];
	});

/** The objects in any order, in any number of files, in lists, typed lists and alone. */
function scattered(objects: readonly Fields[]): fc.Arbitrary<readonly Document[]> {
	const all = fc.shuffledSubarray([...objects], { minLength: objects.length, maxLength: objects.length });
	const places = fc.array(fc.record({ file: fc.nat(3), as: fc.constantFrom('alone', 'list', 'typed') }), {
		minLength: objects.length,
		maxLength: objects.length,
	});
	return fc.tuple(all, places).map(([order, where]) =>
		order.map((object, index) => {
			const { file = 0, as = 'alone' } = where[index] ?? {};
			const { apiVersion, kind, ...rest } = object;
			const list = { apiVersion: 'v1', kind: 'List', items: [object] };
			const typed = { apiVersion, kind: `${String(kind)}List`, items: [rest] };
			return { file: `file-${file}`, index, value: as === 'alone' ? object : as === 'list' ? list : typed };
		}),
	);
}

describe('the order of the input', () => {
	it('of objects, documents, files and lists does not matter: the rules are the same byte for byte', () => {
		const both = crowd.chain((objects) => fc.tuple(scattered(objects), scattered(objects)));
		fc.assert(
			fc.property(both, ([one, other]) => {
				expect(textOf(one)).toBe(textOf(other));
			}),
			{ numRuns: 150 },
		);
	});

	it('of the keys in an object does not matter', () => {
		fc.assert(
			fc.property(arbitraryCluster, (cluster) => {
				const turned = cluster.flat().map((object) => another(object, 'same'));
				const documents = (objects: readonly unknown[]) => objects.map((value, index) => ({ file: 'x', index, value }));
				expect(textOf(documents(turned))).toBe(textOf(documents(cluster.flat())));
			}),
		);
	});
});
