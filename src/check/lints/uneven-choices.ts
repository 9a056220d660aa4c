import { socketText } from '../../model/ip.ts';
import type { Action, Chain, Match, Rule, Spread } from '../../model/ruleset.ts';
import { type Fraction, fractionText, ONE, oneIn, plus, rest, times, ZERO } from '../../trace/fraction.ts';
import type { Lint, Linted } from './lint.ts';

/** Finds choices between endpoints of which one gets more than another, or which leave some connections to nobody. */
export function unevenChoices({ table }: Linted): readonly Lint[] {
	return table.chains.flatMap((chain) => [
		...drawn(chain),
		...chain.rules.flatMap(({ then }) =>
			then.flatMap((action) => (action.kind === 'spread' ? spread(chain, action) : [])),
		),
	]);
}

/** Rules that draw one endpoint: each but the last in one case of so many, of those that are left. */
function drawn(chain: Chain): readonly Lint[] {
	const first = chain.rules.findIndex(({ when }) => when.some(isChance));
	if (first < 0) return [];
	let left = ONE;
	const shares = new Map<string, Fraction>();
	for (const rule of chain.rules.slice(first)) {
		const share = times(left, shareOf(rule));
		const target = targetOf(rule);
		shares.set(target, plus(shares.get(target) ?? ZERO, share));
		left = times(left, rest(shareOf(rule)));
	}
	return judged(chain, shares, left);
}

function isChance({ kind }: Match): boolean {
	return kind === 'chance';
}

function shareOf({ when }: Rule): Fraction {
	return when.reduce((share, match) => (match.kind === 'chance' ? times(share, oneIn(match.of)) : share), ONE);
}

function targetOf({ then }: Rule): string {
	return then.map(actionTarget).join(' ');
}

function actionTarget(action: Action): string {
	if (action.kind === 'dnat') return action.target;
	return action.kind === 'goto' ? action.chain : action.kind;
}

/** One map of endpoints by number: one number is drawn of as many as there are. */
function spread(chain: Chain, { targets }: Spread): readonly Lint[] {
	const numbers = new Set(targets.map(({ index }) => index));
	const gap = targets.findIndex((_target, index) => !numbers.has(index));
	if (gap >= 0) {
		const sentence = `chain ${chain.name} draws one of ${targets.length} numbers, and its map has nothing for ${gap}`;
		return [{ id: 'uneven-choice', owner: chain.owner, sentence }];
	}
	const shares = new Map<string, Fraction>();
	for (const { address, port } of targets) {
		const target = socketText(address, port);
		shares.set(target, plus(shares.get(target) ?? ZERO, oneIn(targets.length)));
	}
	return judged(chain, shares, ZERO);
}

function judged({ name, owner }: Chain, shares: ReadonlyMap<string, Fraction>, left: Fraction): readonly Lint[] {
	if (left.of !== ZERO.of) {
		const sentence = `the choice of chain ${name} leaves ${fractionText(left)} of the connections to nobody`;
		return [{ id: 'uneven-choice', owner, sentence }];
	}
	const texts = [...shares].map(([target, share]) => [target, fractionText(share)] as const);
	const [first] = texts;
	const other = texts.find(([, share]) => share !== first?.[1]);
	if (first === undefined || other === undefined) return [];
	const sentence = `chain ${name} gives ${first[0]} ${first[1]} of the connections, and ${other[0]} ${other[1]}`;
	return [{ id: 'uneven-choice', owner, sentence }];
}
