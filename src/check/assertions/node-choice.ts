import type { Node } from '../../model/cluster-state.ts';
import { shown } from '../../model/names.ts';
import { nearest } from '../../model/nearest.ts';
import type { LabelTerm, NodeChoice } from './assertion.ts';

const TERM = /^(?:!([\w./-]+)|([\w./-]+)(!?)==?([\w.-]*))$/;

/** Reads `all`, a label selector such as `pool=edge,zone!=a`, or the name of a node; a list is of names. */
export function readNodeChoice(value: string | readonly string[]): NodeChoice | { readonly wants: string } {
	if (typeof value !== 'string') return { kind: 'names', names: value };
	if (value === 'all') return { kind: 'all' };
	if (!/[=!]/.test(value)) return { kind: 'names', names: [value] };
	const terms = value.split(',').map((text) => readTerm(text.trim()));
	const known = terms.filter((term) => term !== null);
	if (known.length < terms.length)
		return { wants: 'all, names of nodes, or a label selector such as pool=edge,zone!=a' };
	return { kind: 'selector', terms: known };
}

function readTerm(text: string): LabelTerm | null {
	const [, absent, key, not, value] = TERM.exec(text) ?? [];
	if (absent !== undefined) return { key: absent, value: null, negate: true };
	return key === undefined || value === undefined ? null : { key, value, negate: not === '!' };
}

/** The names of the nodes that are meant, or which name no node has. */
export function chosenNodes(
	choice: NodeChoice,
	nodes: readonly Pick<Node, 'name' | 'labels'>[],
): ReadonlySet<string> | { readonly unknown: string } {
	if (choice.kind === 'selector') {
		return new Set(nodes.filter((node) => choice.terms.every((term) => fits(node, term))).map(({ name }) => name));
	}
	const names = nodes.map(({ name }) => name);
	if (choice.kind === 'all') return new Set(names);
	const stranger = choice.names.find((name) => !names.includes(name));
	if (stranger === undefined) return new Set(choice.names);
	const [alike] = nearest(stranger, names);
	const meant = alike === undefined ? 'the input has no Node' : `did you mean ${alike}?`;
	return { unknown: `there is no Node ${shown(stranger)} (${meant})` };
}

/** As Kubernetes has it, `!=` holds for nodes without the label too. */
function fits({ labels }: Pick<Node, 'labels'>, { key, value, negate }: LabelTerm): boolean {
	const found = labels.get(key);
	return (value === null ? found !== undefined : found === value) !== negate;
}
