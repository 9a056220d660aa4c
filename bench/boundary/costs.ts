import { writeFileSync } from 'node:fs';
import { load, loadInto, removeLoaded } from '../measure/load.ts';
import type { Run } from '../measure/process.ts';
import { type Contestant, interleaved, type Measured } from '../measure/repeat.ts';
import { type Spread, spreadOf } from '../measure/spread.ts';
import { plainShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';
import { bothForms, type Form } from './forms.ts';
import { connectClient, connectionCount, firstPacketTimes } from './traffic.ts';

/** What it costs to load Services of one size, in both forms. */
export interface LoadCosts {
	readonly services: number;
	readonly endpoints: number;
	readonly rules: Measured;
	readonly map: Measured;
}

/** The same, with the microseconds a first packet takes. */
export interface Costs extends LoadCosts {
	readonly packets: Readonly<Record<Form, Spread>>;
}

/** Measures loading only. */
export async function loadCosts(workshop: Workshop, services: number, endpoints: number): Promise<LoadCosts> {
	const { texts } = await bothForms({ ...plainShape(services, endpoints), protocol: 'UDP' });
	return inTurn(workshop, services, endpoints, texts, (file) => load(workshop.namespaces, file));
}

/** Measures loading, then sends packets through what was loaded. */
export async function costs(workshop: Workshop, services: number, endpoints: number): Promise<Costs> {
	const { texts, clusterIps } = await bothForms({ ...plainShape(services, endpoints), protocol: 'UDP' });
	const packets: Record<Form, number[]> = { rules: [], map: [] };
	const loads = await inTurn(workshop, services, endpoints, texts, (file, form) =>
		loadAndSend(workshop, file, clusterIps, packets[form]),
	);
	return { ...loads, packets: { rules: spreadOf(packets.rules), map: spreadOf(packets.map) } };
}

async function inTurn(
	workshop: Workshop,
	services: number,
	endpoints: number,
	texts: Readonly<Record<Form, string>>,
	measure: (file: string, form: Form) => Promise<Run>,
): Promise<LoadCosts> {
	const contestant = (form: Form): Contestant => {
		const file = workshop.file(`boundary-${form}.nft`);
		writeFileSync(file, texts[form]);
		return { name: `${services} × ${endpoints}, ${form}`, measure: () => measure(file, form) };
	};
	const both = [contestant('rules'), contestant('map')];
	const [rules, map] = await interleaved(both, workshop.options.rounds, workshop.sayRun);
	if (rules === undefined || map === undefined) throw new Error('nothing was measured');
	return { services, endpoints, rules, map };
}

async function loadAndSend(
	workshop: Workshop,
	file: string,
	clusterIps: readonly string[],
	packets: number[],
): Promise<Run> {
	const namespace = workshop.namespaces.add();
	const sink = workshop.namespaces.add();
	try {
		connectClient(namespace, sink);
		const run = await loadInto(namespace, file);
		packets.push(...(await firstPacketTimes(namespace, clusterIps, workshop.file('addresses'))));
		const connections = connectionCount(namespace);
		if (connections < clusterIps.length) throw new Error(`only ${connections} connections: the packets did not go out`);
		return run;
	} finally {
		removeLoaded(workshop.namespaces, namespace);
		workshop.namespaces.remove(sink);
	}
}
