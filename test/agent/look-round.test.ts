import { describe, expect, it } from 'vitest';
import { newRound } from '../../src/agent/look-round.ts';
import { type Part, partsOf } from '../../src/agent/parts.ts';
import type { TableState } from '../../src/agent/table-state.ts';
import type { PortProgram } from '../../src/model/program.ts';

/** A table that holds service ports of so many rules each, in one chain. */
function tableWith(rules: readonly number[], quarantined = 0): TableState {
	const ports = rules.map((count, index) => {
		const chains = [{ rules: Array.from({ length: count }) }] as unknown as PortProgram['chains'];
		return [`p${index}`, { chains } as PortProgram] as const;
	});
	const held = Array.from({ length: quarantined }, (_, index) => [`q${index}`, null] as const);
	return { applied: { ports: new Map(ports) }, quarantined: new Map(held), textMisread: 0 } as unknown as TableState;
}

const said = (parts: readonly Part[]) =>
	parts.map((part) => (part.kind === 'ports' ? part.names.join(' ') : part.kind)).join(', ');

describe('the parts in which a table is looked at', () => {
	const sizes = { whole: 10, part: 6 };

	it.each([
		['a small table', tableWith([2, 2, 2]), 'whole'],
		['a larger one, by rules and chains', tableWith([2, 2, 2, 1]), 'objects, frame, p0 p1, p2 p3'],
		['Services that are larger than a part', tableWith([1, 9, 1, 1]), 'objects, frame, p0, p1, p2 p3'],
		['one of which nobody knows all rules', tableWith([5, 5, 5], 1), 'whole'],
		['one whose text was not as expected', { ...tableWith([5, 5, 5]), textMisread: 1 }, 'whole'],
		['one of which nobody knows anything', { applied: null, quarantined: new Map() } as unknown as TableState, 'whole'],
	])('%s', (_what, state, parts) => {
		expect(said(partsOf(state, sizes))).toBe(parts);
	});
});

describe('a round of looks', () => {
	const [large, small] = [tableWith([]), tableWith([])];
	const three: readonly Part[] = [{ kind: 'objects' }, { kind: 'frame' }, { kind: 'ports', names: ['a'] }];
	const begin = () =>
		newRound(
			new Map([
				[large, three],
				[small, [{ kind: 'whole' }]],
			]),
		);

	it('takes as many looks as the largest table has parts, and sees each part of each table once', () => {
		const round = begin();
		expect(round.looks).toBe(3);
		const seen: string[] = [];
		let more = true;
		while (more) {
			for (const [state, part] of round.next()) seen.push(`${state === large ? 'large' : 'small'} ${part.kind}`);
			more = round.judged('right');
		}
		expect(seen).toEqual(['large objects', 'small whole', 'large frame', 'large ports']);
	});

	it('looks at a part again when its own transactions came in the way, and ends with one that is wrong', () => {
		const round = begin();
		round.judged('right');
		expect(round.judged('overtaken')).toBe(true);
		expect([...round.next().values()]).toEqual([{ kind: 'frame' }]);
		expect(round.judged('wrong')).toBe(false);
	});

	it('of no table is over at once', () => {
		const round = newRound(new Map());
		expect([round.looks, round.next().size, round.judged('right')]).toEqual([1, 0, false]);
	});
});
