import Handlebars from 'handlebars';
import { quoted } from './quote.ts';

/** Source texts of templates by name: a file `chain.hbs` is `chain`. */
export type TemplateSources = ReadonlyMap<string, string>;

/** A node of the ruleset, rendered by the template named by its kind; or a word, rendered by the template of its name. */
export type Shown = string | { readonly kind: string };

/** What every template below a table may ask for, as `@family` and `@address`. */
export interface Surrounding {
	readonly family: string;
	readonly address: string;
}

/** Renders one node. @throws TemplateError when its template is missing or fails */
export type Show = (node: Shown, surrounding: Surrounding) => string;

/** A template that cannot be used, with its name in the message. */
export class TemplateError extends Error {
	override readonly name = 'TemplateError';
}

/** The file whose inline partials are templates themselves, so that all words of nft stand on one page. */
const WORDS = 'words';

type Program = hbs.AST.Program;
type Template = (node: Shown, call: Call) => string;

/** A template ready to be called, and where its text stands. */
interface Compiled {
	readonly template: Template;
	readonly place: string;
}

/**
 * How templates are called: as Handlebars calls partials, with helpers that were prepared once. Called as pages, each of
 * the hundred thousands of words would copy all helpers first. The call travels in its own data, to be used again below.
 */
interface Call {
	readonly partial: true;
	readonly helpers: typeof Handlebars.helpers;
	readonly hooks: object;
	readonly protoAccessControl: object;
	readonly data: Surrounding & { call: Call | null };
}

const OWN_PROPERTIES_ONLY = {
	methods: { whitelist: {}, defaultValue: false },
	properties: { whitelist: {}, defaultValue: false },
};

/**
 * Compiles templates once for many renderings.
 * @param layers sources by name; where two have a template or a word of one name, the later layer's is used
 * @throws TemplateError naming the template that Handlebars cannot read
 */
export function compileTemplates(...layers: readonly TemplateSources[]): Show {
	return compileLayers(layers, null);
}

/**
 * The same, for many rulesets that have parts in common: the text of a chain, a set or a map is kept, and written again only for
 * another object.
 */
export function compileKeepingTemplates(...layers: readonly TemplateSources[]): Show {
	return compileLayers(layers, new Map());
}

/** Texts by family, for which the templates of equal nodes may differ. */
type Texts = Map<string, WeakMap<object, string>>;

const KEPT: ReadonlySet<string> = new Set(['chain', 'set', 'map']);

function compileLayers(layers: readonly TemplateSources[], texts: Texts | null): Show {
	const handlebars = Handlebars.create();
	const templates = new Map<string, Compiled>();
	for (const [file, source] of layers.flatMap((layer) => [...layer])) {
		for (const [name, program] of programs(handlebars, file, source)) {
			const template = handlebars.compile<Shown>(program, { strict: true, noEscape: true });
			templates.set(name, { template, place: file === WORDS ? `"${name}" in ${WORDS}.hbs` : `${file}.hbs` });
		}
	}
	const show = (node: Shown, call: Call): string => {
		const name = typeof node === 'string' ? node : node.kind;
		const found = templates.get(name);
		if (found === undefined) throw new TemplateError(`there is no template for "${name}"`);
		try {
			if (texts === null || typeof node === 'string' || !KEPT.has(name)) return found.template(node, call);
			return known(textsOf(texts, call), node, () => found.template(node, call));
		} catch (cause) {
			if (cause instanceof TemplateError) throw cause;
			throw new TemplateError(`the template ${found.place} failed: ${message(cause)}`, { cause });
		}
	};
	handlebars.registerHelper(helpers(show));
	return (node, surrounding) => show(node, newCall(handlebars.helpers, surrounding));
}

function textsOf(texts: Texts, { data }: Call): WeakMap<object, string> {
	return known(texts, data.family, () => new WeakMap<object, string>());
}

function known<Key, Value>(
	map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
	key: Key,
	make: () => Value,
): Value {
	const found = map.get(key);
	if (found !== undefined) return found;
	const made = make();
	map.set(key, made);
	return made;
}

function newCall(helpers: Call['helpers'], surrounding: Surrounding): Call {
	const data: Call['data'] = { ...surrounding, call: null };
	const call: Call = { partial: true, helpers, hooks: {}, protoAccessControl: OWN_PROPERTIES_ONLY, data };
	data.call = call;
	return call;
}

interface HelperOptions {
	readonly data: { readonly call: Call };
}

/** All that templates can call: they choose words; everything else is decided before. */
function helpers(show: (node: Shown, call: Call) => string) {
	const showAll = (nodes: readonly Shown[], separator: string, call: Call) =>
		nodes.map((node) => show(node, call)).join(separator);
	return {
		show: (node: Shown, { data }: HelperOptions) => show(node, data.call),
		showAll: (nodes: readonly Shown[], separator: string, { data }: HelperOptions) =>
			showAll(nodes, separator, data.call),
		phrase: (when: readonly Shown[], then: readonly Shown[], { data }: HelperOptions) =>
			showAll([...when, ...then], ' ', data.call),
		types: (fields: readonly string[], { data }: HelperOptions) =>
			fields.map((field) => show(`type ${field}`, data.call)).join(' . '),
		join: (texts: readonly string[], separator: string) => texts.join(separator),
		quote: quoted,
	};
}

function* programs(handlebars: typeof Handlebars, file: string, source: string): Generator<readonly [string, Program]> {
	const page = parse(handlebars, file, source);
	if (file !== WORDS) {
		yield [file, page];
		return;
	}
	for (const statement of page.body) {
		if (statement.type !== 'DecoratorBlock') continue;
		const { params, program } = statement as hbs.AST.DecoratorBlock;
		const [word] = params;
		if (word?.type === 'StringLiteral') yield [(word as hbs.AST.StringLiteral).value, program];
	}
}

function parse(handlebars: typeof Handlebars, file: string, source: string): Program {
	try {
		return handlebars.parse(source.replace(/\n$/, ''));
	} catch (cause) {
		throw new TemplateError(`the template ${file}.hbs cannot be read: ${message(cause)}`, { cause });
	}
}

/** What Handlebars says: the place is on the first line, what is wrong there on the last. */
function message(cause: unknown): string {
	const lines = String(cause instanceof Error ? cause.message : cause).split('\n');
	const last = lines.length > 1 ? ` ${lines.at(-1)}` : '';
	return `${lines[0]}${last}`.replace(' in [object Object]', '').replace(/^Parse error on/, 'parse error on');
}
