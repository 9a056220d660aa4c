import { type Bytes, transactionBytes } from '../agent/bytes.ts';
import { BURST, type ChangeTimes, changeTimes, type EventTimes } from '../agent/event-to-kernel.ts';
import { MANY_ENDPOINTS, type Memory, type Whole, wholeAgents } from '../agent/whole.ts';
import { percentile } from '../measure/spread.ts';
import { servicesOf } from '../options.ts';
import type { Part } from '../part.ts';
import type { Goal } from '../report/goal.ts';
import { measuredTable } from '../report/measured-table.ts';
import type { Table } from '../report/table.ts';
import { memory, time, times } from '../report/units.ts';

const MOST = {
	typical: 1.15,
	worst: 3,
	own: 0.002,
	ownGrowth: 1.5,
	burst: 3,
	bytes: 3,
	growth: 1.1,
	start: 3,
	restart: 2,
	megabytes: 300,
	largeAgent: 250,
	transaction: 0.25,
	nft: 80,
} as const;

/** The agent against a bare nft that does the same. */
export const agent: Part = {
	name: 'agent',
	title: 'the agent against a bare nft that does the same',
	byDefault: true,
	run: async (workshop) => {
		const { quick } = workshop.options;
		const services = servicesOf(workshop.options);
		workshop.say('  event to kernel');
		const changes = await changeTimes(workshop, services, { single: quick ? 100 : 400, bursts: 3 });
		const fewer = await changeTimes(workshop, services / 10, { single: 200, bursts: 0 });
		workshop.say('  size of transactions');
		const bytes: Bytes[] = [];
		for (const size of [services / 10, services]) bytes.push(await transactionBytes(workshop, size));
		const whole = await wholeAgents(workshop, services);
		return {
			tables: [
				eventTable(services, changes.single),
				bytesTable(bytes),
				measuredTable(`Start to first rules, ${services} Services × 5 endpoints`, whole.start),
				measuredTable('Restart with nothing changed', whole.restart),
				memoryTable(whole),
			],
			goals: [...eventGoals(changes, fewer), ...bytesGoals(bytes), ...wholeGoals(whole, quick)],
			remarks: [
				'Memory of an agent is its own and that of the largest nft that it starts; a look at the whole table reads it back',
				'as text, in parts with nft 1.1.1 or newer; an older one takes most of that memory.',
				takeOverRemark(whole),
			],
			measured: [...whole.start, ...whole.restart],
		};
	},
};

function takeOverRemark({ restart, takeOver }: Whole): string {
	const ratio = times(takeOver, restart[0].seconds.median);
	return `Of a restart, taking the tables over takes ${time(takeOver)}, ${ratio} nft -j list table.`;
}

function eventTable(services: number, events: readonly EventTimes[]): Table {
	const bare = events.map((each) => each.bare);
	const row = (name: string, numbers: readonly number[]) => [
		name,
		...[0.5, 0.9, 0.99].map((share) => time(percentile(numbers, share))),
		times(percentile(numbers, 0.5), percentile(bare, 0.5)),
		times(percentile(numbers, 0.99), percentile(bare, 0.99)),
	];
	return {
		title: `Event to kernel: ${events.length} changed slices, one at a time, of ${services} Services × 5 endpoints`,
		columns: ['', 'p50', 'p90', 'p99', 'p50 ratio', 'p99 ratio'],
		rows: [
			row('bare nft -f of the transaction', bare),
			row(
				'agent, from event to kernel',
				events.map((each) => each.agent),
			),
			row(
				'of that, until nft is started',
				events.map((each) => each.own),
			),
		],
	};
}

function eventGoals({ single, bursts }: ChangeTimes, fewer: ChangeTimes): readonly Goal[] {
	const at = (share: number, field: keyof EventTimes, of = single) =>
		percentile(
			of.map((each) => each[field]),
			share,
		);
	const ratio = (share: number, of = single) => at(share, 'agent', of) / at(share, 'bare', of);
	const own = at(0.5, 'own');
	return [
		{ what: 'event to kernel / bare nft -f, p50', value: ratio(0.5), most: MOST.typical, unit: '×' },
		{ what: 'event to kernel / bare nft -f, p99', value: ratio(0.99), most: MOST.worst, unit: '×' },
		{ what: 'of that, until nft is started, p50', value: own, most: MOST.own, unit: 's' },
		{
			what: 'the same / with a tenth of the Services',
			value: own / at(0.5, 'own', fewer.single),
			most: MOST.ownGrowth,
			unit: '×',
		},
		{ what: `${BURST} changed slices at once / bare nft -f`, value: ratio(0.5, bursts), most: MOST.burst, unit: '×' },
	];
}

function bytesTable(bytes: readonly Bytes[]): Table {
	return {
		title: 'Size of the transaction of one changed endpoint, in bytes',
		columns: ['', 'transaction', 'changed lines', 'ratio'],
		rows: bytes.map(({ services, transaction, lines }) => [
			`${services} Services`,
			transaction.toFixed(0),
			lines.toFixed(0),
			times(transaction, lines),
		]),
	};
}

function bytesGoals(bytes: readonly Bytes[]): readonly Goal[] {
	const sizes = bytes.map(({ transaction }) => transaction);
	return [
		{
			what: 'bytes of a transaction / of the lines that change',
			value: Math.max(...bytes.map(({ transaction, lines }) => transaction / lines)),
			most: MOST.bytes,
			unit: '×',
		},
		{
			what: 'the same with ten times the Services',
			value: (sizes.at(-1) ?? Number.NaN) / (sizes[0] ?? Number.NaN),
			most: MOST.growth,
			unit: '×',
		},
	];
}

/** When an agent's memory is looked at. */
const WHEN: readonly (readonly [string, keyof Memory])[] = [
	['start, no table yet', 'start'],
	['restart, nothing changed', 'restart'],
	['slices change', 'steady'],
	['a look at the whole table', 'look'],
];

function memoryTable({ memory: found, large }: Whole): Table {
	const row = (name: string, { own, child }: Memory['start']) => [
		name,
		memory(own),
		memory(child),
		memory(own + child),
	];
	return {
		title: 'Memory of the agent',
		columns: ['', 'agent', 'largest nft', 'together'],
		rows: [
			...WHEN.map(([when, which]) => row(when, found[which])),
			row(`start, ${MANY_ENDPOINTS} endpoints for each Service`, large.start),
			row('slices of these change', large.steady),
		],
	};
}

function wholeGoals({ start, restart, written, memory: found, large }: Whole, quick: boolean): readonly Goal[] {
	const ratio = ([nft, ours]: Whole['start']) => ours.seconds.median / nft.seconds.median;
	const nothing: Goal = { what: 'transactions of a restart with nothing changed', value: written, most: 0, unit: '' };
	// A small cluster starts in little more than the time Node takes: these goals are for the large one.
	if (quick) return [nothing];
	return [
		{ what: 'start to first rules / nft -f of them', value: ratio(start), most: MOST.start, unit: '×' },
		nothing,
		{ what: 'restart / nft -j list table', value: ratio(restart), most: MOST.restart, unit: '×' },
		...WHEN.map(([when, which]): Goal => {
			const { own, child } = found[which];
			return { what: `agent and nft, ${when}`, value: own + child, most: MOST.megabytes, unit: 'MB' };
		}),
		{
			what: `the agent alone, ${MANY_ENDPOINTS} endpoints for each Service`,
			value: large.steady.own,
			most: MOST.largeAgent,
			unit: 'MB',
		},
		{
			what: `the longest transaction, ${MANY_ENDPOINTS} endpoints for each Service`,
			value: large.longest,
			most: MOST.transaction,
			unit: 's',
		},
		{
			what: 'the largest nft, but for looks',
			value: Math.max(...[found.start, found.steady, large.start, large.steady].map(({ child }) => child)),
			most: MOST.nft,
			unit: 'MB',
		},
	];
}
