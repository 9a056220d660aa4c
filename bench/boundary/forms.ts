import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import { oneMap, ruleForEach } from '../../src/compile/balance.ts';
import { compile } from '../../src/compile/compile.ts';
import { chainName } from '../../src/compile/names.ts';
import { intake } from '../../src/intake/intake.ts';
import type { FamilyView } from '../../src/model/node-view.ts';
import type { Rule, Ruleset } from '../../src/model/ruleset.ts';
import type { Settings } from '../../src/model/settings.ts';
import { render } from '../../src/render/render.ts';
import { showBy } from '../../src/render/templates.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { nodeView } from '../../src/view/node-view.ts';
import { SETTINGS } from '../settings.ts';
import { POD_NETWORK } from '../state/address-plan.ts';
import { clusterList, type StateShape } from '../state/state.ts';
import { NODE } from '../workshop.ts';

/** The two ways to write the endpoints of a Service into its chain. */
export const FORMS = { rules: ruleForEach, map: oneMap } as const;

export type Form = keyof typeof FORMS;

/** One cluster in both forms, and where its Services answer. */
export interface BothForms {
	readonly texts: Readonly<Record<Form, string>>;
	readonly clusterIps: readonly string[];
}

/** Compiles a made-up cluster as always, then writes its endpoints in each form, whatever their number. */
export async function bothForms(shape: StateShape): Promise<BothForms> {
	const { state } = intake([{ file: 'boundary', index: 0, value: clusterList(shape) }], NEWEST_BEHAVIOUR);
	const { view } = nodeView(state, ONE_FAMILY);
	const family = view?.families[0];
	if (view === null || family === undefined) throw new Error(`the made-up cluster has no node ${NODE}`);
	const ruleset = compile(view);
	const show = showBy(await builtInTemplates());
	return {
		texts: {
			rules: render(inForm(ruleset, family, 'rules'), show),
			map: render(inForm(ruleset, family, 'map'), show),
		},
		clusterIps: family.servicePorts.flatMap((port) => port.clusterIp ?? []),
	};
}

function inForm(ruleset: Ruleset, view: FamilyView, form: Form): Ruleset {
	const rulesOf = new Map<string, readonly Rule[]>();
	for (const port of view.servicePorts) {
		rulesOf.set(chainName('cluster', port), FORMS[form](port.protocol, port.cluster?.endpoints ?? []));
	}
	const tables = ruleset.tables.map((table) => ({
		...table,
		chains: table.chains.map((chain) => ({ ...chain, rules: rulesOf.get(chain.name) ?? chain.rules })),
	}));
	return { ...ruleset, tables };
}

const ONE_FAMILY: Settings = {
	...SETTINGS,
	families: ['ip'],
	clusterCidrs: [{ family: 'ip', address: POD_NETWORK.replace(/\/.*/, ''), prefix: 9 }],
};
