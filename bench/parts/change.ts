import { writeFileSync } from 'node:fs';
import { type BareNft, startBareNft } from '../agent/bare-nft.ts';
import { type Form, forms, preparation } from '../change/forms.ts';
import { type Messages, messagesOf } from '../change/messages.ts';
import { loadInto, removeLoaded } from '../measure/load.ts';
import { interleaved, type Measured } from '../measure/repeat.ts';
import { servicesOf } from '../options.ts';
import type { Part } from '../part.ts';
import type { Table } from '../report/table.ts';
import { time, times } from '../report/units.ts';
import { clusterList, plainShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';

const ENDPOINTS = 5;
/** So many runs of each form for one of the rounds that were asked for: each takes milliseconds. */
const RUNS = 12;

/** What one small change costs in a large table, by the form in which it is written. */
export const change: Part = {
	name: 'change',
	title: 'the price of one change, by the form in which it is written',
	byDefault: false,
	run: async (workshop) => {
		const services = servicesOf(workshop.options);
		const shape = plainShape(services, ENDPOINTS);
		const namespace = workshop.namespaces.add();
		const bare = startBareNft(namespace);
		try {
			await loadInto(namespace, await workshop.ruleset(shape));
			await bare.apply(written(workshop, preparation()));
			const all = forms(firstChain(shape));
			const read = all.map((form) => messagesOf(namespace, written(workshop, form.text(0)), workshop.file('strace')));
			const measured = await interleaved(
				all.map((form) => ({ name: form.name, measure: measureOf(workshop, bare, form) })),
				workshop.options.rounds * RUNS,
				() => {},
			);
			return { tables: [table(services, measured, read)], goals: [], remarks: REMARKS, measured };
		} finally {
			await bare.close();
			removeLoaded(workshop.namespaces, namespace);
		}
	},
};

const REMARKS = [
	'Read: what nft receives of the kernel in one run, mostly chains that it looks names up in (by strace, where it is installed).',
];

function measureOf(workshop: Workshop, bare: BareNft, form: Form) {
	// The first one was for counting.
	let round = 1;
	return async () => {
		const seconds = await bare.apply(written(workshop, form.text(round++)));
		return { seconds, megabytes: Number.NaN };
	};
}

function written(workshop: Workshop, text: string): string {
	const file = workshop.file('change.nft');
	writeFileSync(file, text);
	return file;
}

/** The chain of the first Service. */
function firstChain(shape: ReturnType<typeof plainShape>): string {
	const items = clusterList(shape).items as readonly { kind: string; metadata: { namespace: string; name: string } }[];
	const first = items.find(({ kind }) => kind === 'Service');
	if (first === undefined) throw new Error('the made-up cluster has no Service');
	return `cluster/${first.metadata.namespace}/${first.metadata.name}/http`;
}

function table(services: number, measured: readonly Measured[], read: readonly (Messages | null)[]): Table {
	return {
		title: `One change among ${services} Services × ${ENDPOINTS} endpoints: nft -f of these commands`,
		columns: ['', 'median', 'least', 'ratio', 'messages read', 'bytes read'],
		rows: measured.map(({ name, seconds }, index) => [
			name,
			time(seconds.median),
			time(seconds.min),
			times(seconds.median, measured[0]?.seconds.median ?? Number.NaN),
			read[index]?.count.toFixed(0) ?? '',
			read[index]?.bytes.toFixed(0) ?? '',
		]),
	};
}
