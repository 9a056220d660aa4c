import Handlebars from 'handlebars';
import { TemplateError, whatIsWrong } from './template-error.ts';
import { helpers, type Templates, WORDS } from './templates.ts';

/** Source texts of templates by file: `chain` is that of `chain.hbs`. */
export type TemplateSources = ReadonlyMap<string, string>;

type Program = hbs.AST.Program;

/** Which words are helpers is known: all others are values, which need no call. */
const OPTIONS: PrecompileOptions = {
	strict: true,
	noEscape: true,
	knownHelpers: Object.fromEntries(Object.keys(helpers(() => '')).map((name) => [name, true])),
	knownHelpersOnly: true,
};

/**
 * Compiles templates: those of a user, and the built-in ones where the program runs from its source.
 * @throws TemplateError naming the template that Handlebars cannot read
 */
export function compileTemplates(sources: TemplateSources): Templates {
	return new Function(`return ${templatesCode(sources)}`)();
}

/**
 * Compiles templates to JavaScript, the text of an expression whose value are `Templates`; the build puts it into the bundle.
 * @throws TemplateError as above
 */
export function templatesCode(sources: TemplateSources): string {
	const entries = [...sources].flatMap(([file, source]) =>
		orTemplateError(file, () =>
			programs(file, source).map(([name, program]) => {
				const specification = Handlebars.precompile(program, OPTIONS);
				return `[${JSON.stringify(name)}, { file: ${JSON.stringify(file)}, specification: ${specification} }]`;
			}),
		),
	);
	return `new Map([${entries.join(',\n')}])`;
}

function programs(file: string, source: string): readonly (readonly [string, Program])[] {
	const page = Handlebars.parse(source.replace(/\n$/, ''));
	if (file !== WORDS) return [[file, page]];
	return page.body.flatMap((statement) => {
		if (statement.type !== 'DecoratorBlock') return [];
		const { params, program } = statement as hbs.AST.DecoratorBlock;
		const [word] = params;
		return word?.type === 'StringLiteral' ? [[(word as hbs.AST.StringLiteral).value, program] as const] : [];
	});
}

function orTemplateError<T>(file: string, work: () => T): T {
	try {
		return work();
	} catch (cause) {
		throw new TemplateError(`the template ${file}.hbs cannot be read: ${whatIsWrong(cause)}`, { cause });
	}
}
