import { ENDPOINTS } from '../datapath/addresses.ts';
import { connectionLane, type Iptables, type Lane, laneName, packetLane, type Rules } from '../datapath/lanes.ts';
import { restoreProgram } from '../iptables/restore.ts';
import { interleaved, type Measured, measuredOf } from '../measure/repeat.ts';
import type { Part } from '../part.ts';
import type { Goal } from '../report/goal.ts';
import type { Table } from '../report/table.ts';
import { times } from '../report/units.ts';
import { plainShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';

const MOST_GROWTH = 1.1;

/** A turn takes some hundredths of a second: with many of them, each lane has its share of quiet moments. */
const TURNS_PER_ROUND = 8;

/** Two lanes that are alike differ by where their rules came to lie in memory: those that goals compare are there thrice. */
const COPIES = 3;

/** Whether the way of a packet is as short through many Services as through few. */
export const datapath: Part = {
	name: 'datapath',
	title: 'first packets and connections through few Services and through many',
	byDefault: true,
	run: async (workshop) => {
		const sizes: Sizes = workshop.options.quick ? [100, 2_000, 9_000] : [100, 10_000, 45_000];
		const [few, , most] = sizes;
		const program = restoreProgram(workshop.namespaces, workshop.iptablesRuleset(plainShape(few, ENDPOINTS)));
		const all = allRules(sizes, program === null ? null : { program });
		const packets = await measured(workshop, all, packetLane);
		const connections = await measured(workshop, all, connectionLane);
		return {
			tables: [packetTable(together(packets)), connectionTable(together(connections))],
			goals: [
				growth('first packet', together(packets), most, few),
				growth('connection', together(connections), most, few),
			],
			remarks: [
				'to N: packets go to N Services, one after another. With more of them less is in the caches of the processor, rules or not.',
				'First packets: UDP, sent by Node one after another; the row without rules is what sender and device take.',
				'Connections: TCP, opened and reset by Node one after another, client and server on the same cores.',
				`Lanes that are alike, ${COPIES} of each that a goal compares: first packets differ by ${noise(packets)}, connections by ${noise(connections)}. Less than that says nothing.`,
				program === null
					? 'iptables is left out: no program on this machine loads its rules.'
					: `iptables: rules of kube-proxy's iptables mode, loaded by ${program}.`,
			],
			measured: [...packets, ...connections],
		};
	},
};

type Sizes = readonly [few: number, many: number, most: number];

function allRules([few, many, most]: Sizes, iptables: Iptables | null): readonly Rules[] {
	const copies = Array.from({ length: COPIES }, () => [few, most]).flat();
	return [
		{ layout: null, services: few, used: few },
		{ layout: null, services: most, used: most },
		...copies.map((services) => ({ layout: 'ours', services, used: few }) as const),
		{ layout: 'ours', services: many, used: few },
		{ layout: 'ours', services: most, used: most },
		// Its rules for more would take minutes to load.
		...[few, many].map((services) => ({ layout: '1.36', services, used: few }) as const),
		...(iptables === null ? [] : [few, many, most].map((services) => ({ layout: iptables, services, used: few }))),
	];
}

async function measured(
	workshop: Workshop,
	all: readonly Rules[],
	open: (workshop: Workshop, rules: Rules) => Promise<Lane>,
): Promise<readonly Measured[]> {
	const lanes: Lane[] = [];
	try {
		for (const rules of all) lanes.push(await open(workshop, rules));
		return await interleaved(lanes, workshop.options.rounds * TURNS_PER_ROUND, () => {});
	} finally {
		for (const lane of lanes) lane.close();
	}
}

/** Lanes that are alike as one. */
function together(all: readonly Measured[]): readonly Measured[] {
	const names = new Set(all.map(({ name }) => name));
	return [...names].map((name) => {
		const alike = all.filter((each) => each.name === name);
		return measuredOf(
			name,
			alike.flatMap(({ runs }) => runs),
		);
	});
}

/** By how much lanes that are alike differ at the most. */
function noise(all: readonly Measured[]): string {
	const ratios = all.map(({ name, seconds }) => {
		const alike = all.filter((each) => each.name === name);
		return seconds.median / Math.min(...alike.map((each) => each.seconds.median));
	});
	return `${((Math.max(...ratios) - 1) * 100).toFixed(0)} %`;
}

function packetTable(all: readonly Measured[]): Table {
	const none = all[0]?.seconds.median ?? Number.NaN;
	return {
		title: 'First packet of a connection',
		columns: ['', 'µs', 'least', 'most', 'ratio', 'more than none'],
		rows: all.map(({ name, seconds }) => [
			name,
			...[seconds.median, seconds.min, seconds.max].map((each) => (each * 1e6).toFixed(1)),
			times(seconds.median, none),
			((seconds.median - none) * 1e6).toFixed(1),
		]),
	};
}

function connectionTable(all: readonly Measured[]): Table {
	return {
		title: 'Connections',
		columns: ['', 'per second', 'least', 'most', 'ratio of times'],
		rows: all.map(({ name, seconds }) => [
			name,
			...[seconds.median, seconds.max, seconds.min].map((each) => (1 / each).toFixed(0)),
			times(seconds.median, all[0]?.seconds.median ?? Number.NaN),
		]),
	};
}

function growth(what: string, all: readonly Measured[], most: number, few: number): Goal {
	const of = (services: number) =>
		all.find(({ name }) => name === laneName({ layout: 'ours', services, used: few }))?.seconds.median ?? Number.NaN;
	return { what: `${what}, ${most} / ${few} Services`, value: of(most) / of(few), most: MOST_GROWTH, unit: '×' };
}
