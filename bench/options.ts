import { parseArgs } from 'node:util';

/** What the command line asked for. */
export interface Options {
	/** names of parts; none runs all that run by default */
	readonly parts: readonly string[];
	readonly quick: boolean;
	readonly fail: boolean;
	/** the file that gets all figures as JSON; null for none */
	readonly json: string | null;
	/** the file that gets the plot of part scale; null for none */
	readonly svg: string | null;
	/** how often each thing is measured */
	readonly rounds: number;
	readonly help: boolean;
}

/** The text that --help prints, with the parts there are. */
export function usage(parts: readonly { readonly name: string; readonly title: string }[]): string {
	return `npm run bench -- [PART…] [OPTION…]

Parts:
${parts.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join('\n')}

Options:
  --quick       a fifth of the Services, 2,000 instead of 10,000, and few rounds: whether it works, not how fast it is
  --rounds N    how often each thing is measured (default: 5)
  --no-fail     exit 0 even when a goal is missed
  --json FILE   write all figures there
  --svg FILE    write the plot of part scale there, for which more sizes are measured

Environment:
  KUBE_PROXY    the program kube-proxy, for part real-kube-proxy

Rules are loaded in throw-away network namespaces, for which root is needed.
Exit codes: 0 all goals are met, 1 one is missed, 2 the benchmark failed, 64 the command line is wrong.
`;
}

/** Reads the command line. @throws Error saying what is wrong with it */
export function readOptions(args: readonly string[], parts: readonly string[]): Options {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			quick: { type: 'boolean', default: false },
			'no-fail': { type: 'boolean', default: false },
			rounds: { type: 'string' },
			json: { type: 'string' },
			svg: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	const unknown = positionals.filter((name) => !parts.includes(name));
	if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}; there are ${parts.join(', ')}`);
	const rounds = Number(values.rounds ?? (values.quick ? 3 : 5));
	if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds wants a number from 1');
	return {
		parts: positionals,
		quick: values.quick,
		fail: !values['no-fail'],
		json: values.json ?? null,
		svg: values.svg ?? null,
		rounds,
		help: values.help,
	};
}

/** How many Services the goals are measured with. */
export function servicesOf(options: Options): number {
	return options.quick ? 2_000 : 10_000;
}
