import Handlebars from 'handlebars';
import { quoted } from './quote.ts';

/** Source texts of templates by name: a file `chain.hbs` is `chain`. */
export type TemplateSources = ReadonlyMap<string, string>;

/** Renders a node of the ruleset, or a plain word, with the template named by its kind. */
export type Show = (node: Shown, data: Surrounding) => string;

type Shown = string | { readonly kind: string };

/** What a template knows of the table it renders, as `@family` and `@address`. */
export interface Surrounding {
	readonly family: string;
	readonly address: string;
}

/** A template that cannot be used, with the file's name in the message. */
export class TemplateError extends Error {
	override readonly name = 'TemplateError';
}

/** The file whose inline partials are templates themselves, so that all words of nft stand on one page. */
const WORDS = 'words';

type Template = (node: Shown, options: { readonly data: Surrounding }) => string;

/**
 * Compiles templates once for many renderings.
 * @param layers sources by name; where two have a template or a word of one name, the later layer's is used
 * @throws TemplateError naming the template that Handlebars cannot read
 */
export function compileTemplates(...layers: readonly TemplateSources[]): Show {
	const handlebars = Handlebars.create();
	const templates = new Map<string, Template>();
	const show: Show = (node, data) => {
		const name = typeof node === 'string' ? node : node.kind;
		const template = templates.get(name);
		if (template === undefined) throw new TemplateError(`there is no template for "${name}"`);
		return template(node, { data });
	};
	handlebars.registerHelper(helpers(show));
	for (const [name, source] of layers.flatMap((layer) => [...layer])) {
		for (const [word, program] of programs(handlebars, name, source)) {
			templates.set(word, compileOne(handlebars, word, program));
		}
	}
	return show;
}

function compileOne(handlebars: typeof Handlebars, name: string, program: hbs.AST.Program): Template {
	const template = handlebars.compile<Shown>(program, { strict: true, noEscape: true });
	return (node, options) => {
		try {
			return template(node, options);
		} catch (cause) {
			if (cause instanceof TemplateError) throw cause;
			throw new TemplateError(`the template "${name}" failed: ${firstLine(cause)}`, { cause });
		}
	};
}

function* programs(
	handlebars: typeof Handlebars,
	name: string,
	source: string,
): Generator<readonly [string, hbs.AST.Program]> {
	const page = parse(handlebars, name, source);
	if (name !== WORDS) {
		yield [name, page];
		return;
	}
	for (const statement of page.body) {
		if (statement.type !== 'DecoratorBlock') continue;
		const { params, program } = statement as hbs.AST.DecoratorBlock;
		const [word] = params;
		if (word?.type === 'StringLiteral') yield [(word as hbs.AST.StringLiteral).value, program];
	}
}

function parse(handlebars: typeof Handlebars, name: string, source: string): hbs.AST.Program {
	try {
		return handlebars.parse(source.replace(/\n$/, ''));
	} catch (cause) {
		throw new TemplateError(`the template "${name}" cannot be read: ${firstLine(cause)}`, { cause });
	}
}

function firstLine(cause: unknown): string {
	return String(cause instanceof Error ? cause.message : cause).split('\n')[0] ?? '';
}

interface HelperOptions {
	readonly data: Surrounding;
}

/** All that templates can call: they choose words, everything else is decided before. */
function helpers(show: Show) {
	return {
		show: (node: Shown, { data }: HelperOptions) => show(node, data),
		showAll: (nodes: readonly Shown[], separator: string, { data }: HelperOptions) =>
			nodes.map((node) => show(node, data)).join(separator),
		types: (fields: readonly string[], { data }: HelperOptions) =>
			fields.map((field) => show(`type ${field}`, data)).join(' . '),
		join: (texts: readonly string[], separator: string) => texts.join(separator),
		quote: quoted,
	};
}
