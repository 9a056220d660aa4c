import { describe, expect, it } from 'vitest';
import type { Document } from '../../src/model/document.ts';
import { found, foundIn } from '../support/found.ts';
import { documents, endpoint, node, service, slice } from '../support/objects.ts';

type Objects = readonly unknown[];

function fingerprints(base: Objects, head: Objects): Readonly<Record<string, string>> {
	return Object.fromEntries(found(base, head).map(({ id, fingerprint }) => [id, fingerprint]));
}

function cluster(spec: Record<string, unknown>, pods: readonly string[], nodeNumber = 1): Objects {
	const endpoints = pods.map((address) => endpoint({ address, node: `n${nodeNumber}` }));
	return [node(nodeNumber), service('web', ['10.96.0.20'], { spec }), slice('web', endpoints)];
}

const exposed = (nodePort: number) => ({ type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort }] });

describe('a fingerprint', () => {
	const lost = fingerprints(cluster({}, ['10.244.1.5', '10.244.1.6']), cluster({}, []));

	it('is 12 hexadecimal digits', () => {
		expect(lost['service-blackholed']).toMatch(/^[0-9a-f]{12}$/);
	});

	it('never changes, because people keep it in files', () => {
		expect(lost['service-blackholed']).toBe('05cdb6d088a5');
	});

	it.each<[string, Objects, Objects]>([
		['Pods with other addresses', cluster({}, ['10.244.1.50', '10.244.1.60']), cluster({}, [])],
		['another number of Pods', cluster({}, ['10.244.1.5']), cluster({}, [])],
		['other names of nodes', cluster({}, ['10.244.2.5'], 2), cluster({}, [], 2)],
	])('survives %s', (_what, base, head) => {
		expect(fingerprints(base, head)).toEqual(lost);
	});

	it('survives that files move and lines shift', () => {
		const moved = (objects: Objects): readonly Document[] =>
			documents({ kind: 'List', items: [] }, ...objects).map((document) => ({ ...document, file: 'moved/there.yaml' }));
		const { findings } = foundIn(moved(cluster({}, ['10.244.1.5'])), moved(cluster({}, [])));
		expect(findings.map(({ fingerprint }) => fingerprint)).toEqual(Object.values(lost));
	});

	it('differs where another value changes', () => {
		const pods = ['10.244.1.5'];
		const one = fingerprints(cluster({}, pods), cluster(exposed(30080), pods));
		const other = fingerprints(cluster({}, pods), cluster(exposed(30081), pods));
		expect(one['newly-exposed-nodeport']).not.toBe(other['newly-exposed-nodeport']);
	});

	it('differs for another Service', () => {
		const of = (name: string, pods: readonly string[]) => [
			node(1),
			service(name, ['10.96.0.20']),
			slice(
				name,
				pods.map((address) => endpoint({ address, node: 'n1' })),
			),
		];
		const other = fingerprints(of('shop', ['10.244.1.5']), of('shop', []));
		expect(other['service-blackholed']).not.toBe(lost['service-blackholed']);
	});
});
