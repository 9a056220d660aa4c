import { type Costs, costs, type LoadCosts, loadCosts } from '../boundary/costs.ts';
import { suggestion } from '../boundary/suggestion.ts';
import type { Measured } from '../measure/repeat.ts';
import type { Part } from '../part.ts';
import type { Table } from '../report/table.ts';
import { memory, time } from '../report/units.ts';

const SIZES = [8, 16, 32, 64, 128, 256] as const;

/** The largest cluster that Kubernetes is tested for has about so many endpoints. */
const MOST_ENDPOINTS = 100_000;
const CROWDED_SIZES = [16, 24, 32, 48, 64] as const;

/** Where a rule for each endpoint should give way to one map (`MOST_ENDPOINT_RULES` in src/compile/balance.ts). */
export const boundary: Part = {
	name: 'boundary',
	title: 'a rule for each endpoint against one map for all',
	byDefault: false,
	run: async (workshop) => {
		const { quick } = workshop.options;
		const few: Costs[] = [];
		for (const size of SIZES) few.push(await costs(workshop, quick ? 200 : 1_000, size));
		const crowded: LoadCosts[] = [];
		const endpoints = quick ? MOST_ENDPOINTS / 10 : MOST_ENDPOINTS;
		for (const size of CROWDED_SIZES) crowded.push(await loadCosts(workshop, Math.floor(endpoints / size), size));
		return {
			tables: [fewTable(few), crowdedTable(endpoints, crowded)],
			goals: [],
			remarks: suggestion(few, crowded),
			measured: [...few, ...crowded].flatMap(({ rules, map }) => [rules, map]),
		};
	},
};

function fewTable(few: readonly Costs[]): Table {
	const perService = ({ seconds }: Measured, services: number) => ((seconds.median * 1e6) / services).toFixed(0);
	return {
		title: `Boundary: ${few[0]?.services} Services; µs to load a Service, µs for the first packet of a connection`,
		columns: ['endpoints', 'load, rules', 'load, map', 'packet, rules', 'packet, map', 'nft, rules', 'nft, map'],
		rows: few.map(({ services, endpoints, rules, map, packets }) => [
			String(endpoints),
			perService(rules, services),
			perService(map, services),
			packets.rules.median.toFixed(1),
			packets.map.median.toFixed(1),
			memory(rules.megabytes.max),
			memory(map.megabytes.max),
		]),
	};
}

function crowdedTable(endpoints: number, crowded: readonly LoadCosts[]): Table {
	return {
		title: `Boundary: ${endpoints} endpoints, all in Services of one size; nft -f`,
		columns: ['endpoints', 'Services', 'rules', 'map'],
		rows: crowded.map((each) => [
			String(each.endpoints),
			String(each.services),
			time(each.rules.seconds.median),
			time(each.map.seconds.median),
		]),
	};
}
