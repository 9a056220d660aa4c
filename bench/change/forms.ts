/** One way to write a change, as text for `nft -f`; rounds are counted from 0, and no two write the same. */
export interface Form {
	readonly name: string;
	readonly text: (round: number) => string;
}

const TABLE = 'ip nft-gen';

/**
 * What forms need that the ruleset has not: a map of one element, whose value every change moves on, an empty chain, and one
 * with a rule.
 */
export function preparation(): string {
	const chains = ['spare', 'counted'].map((name) => `add chain ${TABLE} ${name}\n`).join('');
	return `${generation(0)}${chains}add rule ${TABLE} counted continue\n`;
}

/**
 * Ways to give a Service's chain other endpoints, and the commands that other changes need, from the cheapest up.
 * @param chain a chain of the table
 */
export function forms(chain: string): readonly Form[] {
	const flush = `flush chain ${TABLE} ${chain}\n`;
	const rules = (round: number) => [
		`numgen random mod 2 == 0 meta l4proto tcp dnat to 10.128.0.${2 + (round % 200)}:8080`,
		`meta l4proto tcp dnat to 10.128.1.${2 + (round % 200)}:8080`,
	];
	const block = (round: number) => `table ${TABLE} {\n\tchain ${chain} {\n${lines(rules(round))}\t}\n}\n`;
	const body = (round: number) => `add chain ${TABLE} ${chain} {\n${lines(rules(round))}}\n`;
	const element = (round: number) => `10.111.${round >> 8}.${round & 255} . tcp . 1`;
	return [
		{ name: 'nothing', text: () => '' },
		{ name: 'add chain, which is there', text: () => `add chain ${TABLE} spare\n` },
		{ name: 'flush chain', text: () => flush },
		{ name: 'flush chain; add chain { rules }', text: (round) => flush + body(round) },
		{
			name: 'flush chain; add rule; add rule',
			text: (round) =>
				flush +
				rules(round)
					.map((rule) => `add rule ${TABLE} ${chain} ${rule}\n`)
					.join(''),
		},
		{ name: 'flush chain; table { chain { rules } }', text: (round) => flush + block(round) },
		{
			name: 'add map { element }',
			text: (round) => `add map ${TABLE} services { ${SERVICES}; elements = { ${element(round)} : goto ${chain} }; }\n`,
		},
		{
			name: 'add element',
			text: (round) => `add element ${TABLE} services { 10.112.0.0 . tcp . ${round + 1} : goto ${chain} }\n`,
		},
		{
			name: 'delete element; add element',
			text: (round) => `delete element ${TABLE} generation { 0 }\nadd element ${TABLE} generation { 0 : ${round} }\n`,
		},
		{ name: 'flush map; add map { element }', text: (round) => `flush map ${TABLE} generation\n${generation(round)}` },
		{ name: 'flush chain; flush map; add map, add chain', text: (round) => flush + moveOn(round) + body(round) },
		{ name: 'add rule index 0', text: () => `add rule ${TABLE} counted index 0 continue\n` },
		{ name: 'delete chain; add chain', text: () => `delete chain ${TABLE} spare\nadd chain ${TABLE} spare\n` },
	];
}

const SERVICES = 'type ipv4_addr . inet_proto . inet_service : verdict';

function generation(value: number): string {
	return `add map ${TABLE} generation { type inet_service : mark; elements = { 0 : ${value} }; }\n`;
}

function moveOn(value: number): string {
	return `flush map ${TABLE} generation\n${generation(value)}`;
}

function lines(rules: readonly string[]): string {
	return rules.map((rule) => `\t\t${rule}\n`).join('');
}
