import { describe, expect, it } from 'vitest';
import type { ProgramChange } from '../../src/diff/comparison.ts';
import { joinedRenames } from '../../src/diff/renames.ts';
import { compared } from '../support/comparisons.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

interface Port {
	readonly name: string;
	readonly port?: number;
}

/** The Service's ports and one endpoint, on a node. */
function state(...ports: readonly Port[]): readonly unknown[] {
	const slicePorts = ports.map(({ name }, index) => ({ name, protocol: 'TCP', port: 8080 + index }));
	return [
		node(1),
		node(2),
		service('web', ['10.96.0.20'], {
			spec: { ports: ports.map(({ name, port = 80 }) => ({ name, protocol: 'TCP', port })) },
		}),
		slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })], { ports: slicePorts }),
	];
}

/** The programs' changes with renames joined: port, what becomes of it, nodes. */
function changes(before: readonly unknown[], after: readonly unknown[]): readonly string[] {
	return joinedRenames(compared(before, after).programs).map(text);
}

function text({ owner, nodes, before, after }: ProgramChange): string {
	return `${before?.owner.port ?? '-'} → ${after?.owner.port ?? '-'} of ${owner.port} on ${nodes.join()}`;
}

describe('renamed ports', () => {
	it('are one change, on each of the groups of nodes', () => {
		expect(changes(state({ name: 'http' }), state({ name: 'web' }))).toEqual([
			'http → web of web on n1',
			'http → web of web on n2',
		]);
	});

	it('are two changes where the rules do something else too', () => {
		const found = changes(state({ name: 'http' }), state({ name: 'web', port: 81 }));
		expect(found.filter((each) => each.endsWith('n2'))).toEqual(['http → - of http on n2', '- → web of web on n2']);
	});

	it('are each joined with the one that does the same', () => {
		const before = state({ name: 'a', port: 80 }, { name: 'b', port: 81 });
		const found = changes(before, state({ name: 'y', port: 80 }, { name: 'x', port: 81 }));
		expect(found.filter((each) => each.endsWith('n2')).sort()).toEqual(['a → y of y on n2', 'b → x of x on n2']);
	});

	it('of other Services and ports that stay are left alone', () => {
		const other = state({ name: 'web' }).map((object) =>
			JSON.parse(JSON.stringify(object).replaceAll('"web"', '"api"')),
		);
		expect(
			changes(state({ name: 'http' }), other)
				.filter((each) => each.endsWith('n2'))
				.sort(),
		).toEqual(['- → api of api on n2', 'http → - of http on n2']);
		expect(changes(state({ name: 'http' }), state({ name: 'http', port: 81 }))[0]).toBe('http → http of http on n1');
	});
});
