import { connectionLane, type Lane, laneName, packetLane, type Rules } from '../datapath/lanes.ts';
import { interleaved, type Measured } from '../measure/repeat.ts';
import type { Part } from '../part.ts';
import type { Goal } from '../report/goal.ts';
import type { Table } from '../report/table.ts';
import { times } from '../report/units.ts';
import type { Workshop } from '../workshop.ts';

const MOST_GROWTH = 1.1;

/** Whether the way of a packet is as short through many Services as through few. */
export const datapath: Part = {
	name: 'datapath',
	title: 'first packets and connections through few Services and through many',
	byDefault: true,
	run: async (workshop) => {
		const [few, many, most] = workshop.options.quick ? [100, 2_000, 9_000] : [100, 10_000, 45_000];
		const all: readonly Rules[] = [
			{ layout: null, services: few, used: few },
			{ layout: null, services: most, used: most },
			...[few, many, most].map((services) => ({ layout: 'ours', services, used: few }) as const),
			{ layout: 'ours', services: most, used: most },
			// Its rules for more would take minutes to load.
			...[few, many].map((services) => ({ layout: '1.36', services, used: few }) as const),
		];
		const packets = await measured(workshop, all, packetLane);
		const connections = await measured(workshop, all, connectionLane);
		return {
			tables: [packetTable(packets), connectionTable(connections)],
			goals: [growth('first packet', packets, most, few), growth('connection', connections, most, few)],
			remarks: [
				'to N: packets go to N Services, one after another. With more of them less is in the caches of the processor, rules or not.',
				'First packets: UDP, sent by Node one after another; the time of a packet is mostly that of the sender and the device.',
				'Connections: TCP, opened and reset by Node, 16 at once, client and server on the same cores.',
			],
			measured: [...packets, ...connections],
		};
	},
};

async function measured(
	workshop: Workshop,
	all: readonly Rules[],
	open: (workshop: Workshop, rules: Rules) => Promise<Lane>,
): Promise<readonly Measured[]> {
	const lanes: Lane[] = [];
	try {
		for (const rules of all) lanes.push(await open(workshop, rules));
		return await interleaved(lanes, workshop.options.rounds, () => {});
	} finally {
		for (const lane of lanes) lane.close();
	}
}

function packetTable(all: readonly Measured[]): Table {
	return {
		title: 'First packet of a connection',
		columns: ['', 'µs', 'least', 'most', 'ratio'],
		rows: all.map(({ name, seconds }) => [
			name,
			...[seconds.median, seconds.min, seconds.max].map((each) => (each * 1e6).toFixed(1)),
			times(seconds.median, all[0]?.seconds.median ?? Number.NaN),
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
