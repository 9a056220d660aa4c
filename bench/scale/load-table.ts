import type { Table } from '../report/table.ts';
import { memory, time, times } from '../report/units.ts';
import { LAYOUT_NAMES, LAYOUTS, type Layout } from './layouts.ts';
import type { Load } from './loads.ts';
import { type Size, sizeName } from './sizes.ts';

/** Loads of every size in a row each: times, what multiple of ours the others take, and memory. */
export function loadTable(sizes: readonly Size[], loads: readonly Load[]): Table {
	return {
		title: 'Loading a whole ruleset: nft -f, medians; Services × endpoints of each',
		columns: [
			'',
			...LAYOUTS.map((layout) => LAYOUT_NAMES[layout]),
			'nft-gen / floor',
			'kube-proxy 1.36 / nft-gen',
			'nft, floor',
			'nft, nft-gen',
			'nft, kube-proxy 1.36',
		],
		rows: sizes.map((size) => {
			const of = (layout: Layout) => loadOf(loads, layout, size);
			const ratio = (a: Layout, b: Layout) => {
				const [one, other] = [of(a).measured, of(b).measured];
				return one === null || other === null ? '' : times(one.seconds.median, other.seconds.median);
			};
			return [
				sizeName(size),
				...LAYOUTS.map((layout) => cell(of(layout))),
				ratio('ours', 'floor'),
				ratio('1.36', 'ours'),
				...(['floor', 'ours', '1.36'] as const).map((layout) => memoryCell(of(layout))),
			];
		}),
	};
}

function cell({ measured, expected }: Load): string {
	if (measured !== null) return time(measured.seconds.median);
	return `(some ${Math.round(expected ?? Number.NaN)} s)`;
}

function memoryCell({ measured }: Load): string {
	return measured === null ? '' : memory(measured.megabytes.max);
}

/** The load of a layout and a size. @throws Error where there is none */
export function loadOf(loads: readonly Load[], layout: Layout, size: Size): Load {
	const found = loads.find((each) => each.layout === layout && sizeName(each.size) === sizeName(size));
	if (found === undefined) throw new Error(`${LAYOUT_NAMES[layout]} was not loaded with ${sizeName(size)}`);
	return found;
}

/** Its median in seconds. @throws Error where it was not measured */
export function secondsOf(loads: readonly Load[], layout: Layout, size: Size): number {
	const { measured } = loadOf(loads, layout, size);
	if (measured === null) throw new Error(`${LAYOUT_NAMES[layout]} was not measured with ${sizeName(size)}`);
	return measured.seconds.median;
}
