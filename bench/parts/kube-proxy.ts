import { load } from '../measure/load.ts';
import { run } from '../measure/process.ts';
import { interleaved } from '../measure/repeat.ts';
import { servicesOf } from '../options.ts';
import type { Part } from '../part.ts';
import { measuredTable } from '../report/measured-table.ts';
import { plainShape } from '../state/state.ts';

/** A load of kube-proxy's shape takes a quarter of a minute: it is not for many rounds. */
const ROUNDS = 2;

/** Our rules and those of kube-proxy's shape for the same Services. */
export const kubeProxy: Part = {
	name: 'kube-proxy',
	title: "loading our rules against rules of kube-proxy's shape",
	byDefault: true,
	run: async (workshop) => {
		const services = servicesOf(workshop.options);
		const shape = plainShape(services, 5);
		const input = workshop.state(shape);
		const ours = await workshop.ruleset(shape);
		const theirs = workshop.kubeProxyRuleset(shape, '1.36');
		const measured = await interleaved(
			[
				{ name: 'nft -f, our shape', measure: () => load(workshop.namespaces, ours) },
				{ name: 'nft-gen render', measure: () => run(workshop.render(input, workshop.file('out.nft'))) },
				{ name: "nft -f, kube-proxy's shape", measure: () => load(workshop.namespaces, theirs) },
			],
			Math.min(ROUNDS, workshop.options.rounds),
			workshop.sayRun,
		);
		return {
			tables: [measuredTable(`Side by side: ${services} Services × 5 endpoints`, measured)],
			goals: [],
			remarks: ["kube-proxy's shape: as 1.36 and later write it, an anonymous map for each Service."],
			measured,
		};
	},
};
