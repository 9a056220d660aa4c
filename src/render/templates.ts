import Handlebars from 'handlebars/runtime.js';
import type { IpFamily } from '../model/ip.ts';
import { joinedLists } from '../model/joined-lists.ts';
import { known } from '../model/known.ts';
import { checkedText } from './checked-text.ts';
import { quoted } from './quote.ts';
import { TemplateError, whatIsWrong } from './template-error.ts';

/** A template as Handlebars' compiler leaves it. */
export interface CompiledTemplate {
	/** that has its text: `chain` of `chain.hbs` */
	readonly file: string;
	readonly specification: TemplateSpecification;
}

/** Compiled templates by the kind or the word they show. */
export type Templates = ReadonlyMap<string, CompiledTemplate>;

/** A node of the ruleset, rendered by the template named by its kind; or a word, rendered by the template of its name. */
export type Shown = string | { readonly kind: string };

/**
 * Renders one node.
 * @param family what every template may ask for as `@family`
 * @throws TemplateError when its template is missing or fails
 */
export type Show = (node: Shown, family: IpFamily) => string;

/** The file whose inline partials are templates themselves, so that all words of nft stand on one page. */
export const WORDS = 'words';

type Template = (node: Shown, call: Call) => string;

/**
 * How templates are called: as Handlebars calls partials, with helpers that were prepared once. Called as pages, each of
 * the hundred thousands of words would copy all helpers first. The call travels in its own data, to be used again below.
 */
interface Call {
	readonly partial: true;
	readonly helpers: typeof Handlebars.helpers;
	readonly hooks: object;
	readonly protoAccessControl: object;
	readonly data: { readonly family: IpFamily; call: Call | null };
}

const OWN_PROPERTIES_ONLY = {
	methods: { whitelist: {}, defaultValue: false },
	properties: { whitelist: {}, defaultValue: false },
};

/** The rules of all Services share these words: one text serves hundred thousands of them. */
const SHARED: readonly string[] = ['chance'];

/** Prepares templates once for many renderings. @param templates of several layers those that count, by name */
export function showBy(templates: Templates): Show {
	return showKeepingTextsOf(SHARED, templates);
}

/**
 * The same, for many rulesets that have parts in common: the text of a chain, a set or a map is kept, and written again only for
 * another object.
 */
export function showKeeping(templates: Templates): Show {
	return showKeepingTextsOf([...SHARED, 'chain', 'set', 'map'], templates);
}

function showKeepingTextsOf(kept: readonly string[], compiled: Templates): Show {
	const templates = new Map<string, Template>();
	for (const [name, { specification }] of compiled) {
		const template: Template = Handlebars.template<Shown>(specification);
		templates.set(name, kept.includes(name) ? keeping(template) : template);
	}
	const show = (node: Shown, call: Call): string => {
		const name = typeof node === 'string' ? node : node.kind;
		const template = templates.get(name);
		if (template === undefined) throw new TemplateError(`there is no template for "${name}"`);
		try {
			return template(node, call);
		} catch (cause) {
			if (cause instanceof TemplateError) throw cause;
			throw new TemplateError(`the template ${placeOf(name, compiled)} failed: ${whatIsWrong(cause)}`, { cause });
		}
	};
	const all = { ...Handlebars.helpers, ...helpers(show) };
	return (node, family) => show(node, newCall(all, family));
}

function placeOf(name: string, templates: Templates): string {
	const file = templates.get(name)?.file;
	return file === WORDS ? `"${name}" in ${WORDS}.hbs` : `${file}.hbs`;
}

/** Keeps texts by family, for which those of equal nodes may differ. */
function keeping(template: Template): Template {
	const texts = new Map<IpFamily, WeakMap<object, string>>();
	return (node, call) => {
		if (typeof node === 'string') return template(node, call);
		const ofFamily = known(texts, call.data.family, () => new WeakMap<object, string>());
		// Checked as soon as it is made: that puts it into one piece of memory, of which hundreds of files are made faster.
		return known(ofFamily, node, () => checkedText(template(node, call)));
	};
}

function newCall(helpers: Call['helpers'], family: IpFamily): Call {
	const data: Call['data'] = { family, call: null };
	const call: Call = { partial: true, helpers, hooks: {}, protoAccessControl: OWN_PROPERTIES_ONLY, data };
	data.call = call;
	return call;
}

interface HelperOptions {
	readonly data: { readonly call: Call };
}

/** All that templates can call: they choose words; everything else is decided before. */
export function helpers(show: (node: Shown, call: Call) => string) {
	const showAll = (nodes: readonly Shown[], separator: string, call: Call) =>
		nodes.map((node) => show(node, call)).join(separator);
	return {
		show: (node: Shown, { data }: HelperOptions) => show(node, data.call),
		showAll: (nodes: readonly Shown[], separator: string, { data }: HelperOptions) =>
			showAll(nodes, separator, data.call),
		paragraphs: (...lists: readonly unknown[]) => {
			const { data } = lists.at(-1) as HelperOptions;
			const nodes = joinedLists(lists.slice(0, -1) as (readonly Shown[])[]);
			return nodes.length === 0 ? '' : `\n${showAll(nodes, '\n\n', data.call)}`;
		},
		lines: (nodes: readonly Shown[], comment: string | null, { data }: HelperOptions) => {
			const shown = nodes.map((node) => `\t\t${show(node, data.call)}`);
			const [first, ...others] = shown;
			return comment === null || first === undefined
				? shown.join('\n')
				: [first + commented(comment), ...others].join('\n');
		},
		phrase: (when: readonly Shown[], then: readonly Shown[], { data }: HelperOptions) =>
			showAll([...when, ...then], ' ', data.call),
		join: (texts: readonly string[], separator: string) => texts.join(separator),
		quote: quoted,
		commented,
	};
}

/** A comment as nft has it behind a rule, or between an element and what it leads to; nothing where there is none. */
function commented(text: string | null): string {
	return text === null ? '' : ` comment ${quoted(text)}`;
}
