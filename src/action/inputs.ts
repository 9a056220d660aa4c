/** What a workflow asks of the Action. Texts are empty where it says nothing. */
export interface ActionInputs {
	readonly base: string;
	readonly head: string;
	readonly cluster: string;
	readonly config: string;
	readonly target: string;
	readonly failOn: string;
	readonly onlyAffects: readonly string[];
	readonly ignore: string;
	readonly maxRemovedPercent: string;
	/** further words for `nft-gen diff` */
	readonly args: readonly string[];
	/** tells comments on several clusters apart; the target where no other is given */
	readonly key: string;
	readonly comment: 'auto' | 'always' | 'never';
	readonly summary: boolean;
	readonly sarif: boolean;
	readonly annotations: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the inputs of action.yml from the environment, where its steps put them: `fail-on` is INPUT_FAIL_ON.
 * @returns what is wrong, in one sentence, where the workflow has to be mended
 */
export function readInputs(environment: Environment): ActionInputs | { readonly wrong: string } {
	const text = (name: string) => (environment[variable(name)] ?? '').trim();
	const comment = COMMENT_MODES.find((mode) => mode === (text('comment') || 'auto'));
	if (comment === undefined) return { wrong: 'the input comment has to be auto, always or never' };
	const foreign = SWITCHES.find((name) => !['', 'true', 'false'].includes(text(name)));
	if (foreign !== undefined) return { wrong: `the input ${foreign} has to be true or false` };
	const option = SIDES.find((name) => text(name).startsWith('-'));
	if (option !== undefined)
		return { wrong: `the input ${option} begins with a hyphen, as no file and no revision does` };
	if ((text('base') === '') !== (text('head') === '')) return { wrong: 'the inputs base and head go together' };
	return {
		base: text('base'),
		head: text('head'),
		cluster: text('cluster'),
		config: text('config'),
		target: text('target'),
		failOn: text('fail-on'),
		onlyAffects: words(text('only-affects')),
		ignore: text('ignore'),
		maxRemovedPercent: text('max-removed-percent'),
		args: words(text('args')),
		key: text('key') || text('target'),
		comment,
		summary: text('summary') !== 'false',
		sarif: text('sarif') === 'true',
		annotations: text('annotations') !== 'false',
	};
}

const COMMENT_MODES = ['auto', 'always', 'never'] as const;
const SWITCHES = ['summary', 'sarif', 'annotations'];
const SIDES = ['base', 'head'];

function variable(name: string): string {
	return `INPUT_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** No quotes are read. */
function words(text: string): readonly string[] {
	return text.split(/\s+/).filter((word) => word !== '');
}
